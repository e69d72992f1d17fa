import { makeTable, reserveRows } from '../base/table.ts';
import { endOf, FrameLists } from './frame-lists.ts';
import { Frames } from './frames.ts';
import { PageMap } from './page-map.ts';
import type { Policy } from './policy.ts';

const ORDER = endOf(0);

/**
 * Least frequently used: the page with the fewest touches since it was loaded goes; of several, the one not touched for
 * the longest time. A page that goes is forgotten with its count.
 *
 * All frames stand in one list by count and, within a count, by time of the last touch. A touch moves a frame behind the
 * last of the next count, so that each access takes the same time however many frames there are.
 */
export class Lfu implements Policy {
  private readonly frames: Frames;
  private readonly lists = new FrameLists(1);
  private readonly touches = makeTable('lfu', { count: 'f64' }, 1_024);
  /** Last frame of the list with a given count. */
  private readonly lastWith = new PageMap();

  constructor(frames: number) {
    this.frames = new Frames(frames);
  }

  access(page: number): boolean {
    const { frames } = this;
    const frame = frames.frameOf(page);
    if (frame >= 0) {
      this.touch(frame);
      return true;
    }
    let free = frames.used;
    if (frames.full) {
      free = this.lists.after(ORDER);
      this.leaveCount(free);
      this.lists.remove(free);
    }
    frames.load(page, free);
    reserveRows(this.touches, free + 1);
    const last = this.lastWith.get(1);
    this.lists.insertAfter(last >= 0 ? last : ORDER, free);
    this.setCount(free, 1);
    return false;
  }

  private touch(frame: number): void {
    const count = this.touches.count[frame]!;
    const lastOfNext = this.lastWith.get(count + 1);
    const place = lastOfNext >= 0 ? lastOfNext : this.lastWith.get(count);
    this.leaveCount(frame);
    // It stays where it is when it was the last of its count and nothing has the next one.
    if (place !== frame) this.lists.moveAfter(place, frame);
    this.setCount(frame, count + 1);
  }

  /** After the frame was moved: it is the last of its count. */
  private setCount(frame: number, count: number): void {
    this.touches.count[frame] = count;
    this.lastWith.set(count, frame);
  }

  /** Before the frame is moved: the last frame of its count is another one, or there is none. */
  private leaveCount(frame: number): void {
    const { count } = this.touches;
    const own = count[frame]!;
    if (this.lastWith.get(own) !== frame) return;
    const before = this.lists.before(frame);
    if (before >= 0 && count[before] === own) this.lastWith.set(own, before);
    else this.lastWith.delete(own);
  }
}
