import { endOf, FrameLists } from './frame-lists.ts';
import { Frames } from './frames.ts';
import type { Policy } from './policy.ts';

const RECENCY = endOf(0);

/** Least recently used: the page that was not touched for the longest time goes. */
export class Lru implements Policy {
  private readonly frames: Frames;
  /** One list, the frame touched last at its front. */
  private readonly lists = new FrameLists(1);

  constructor(frames: number) {
    this.frames = new Frames(frames);
  }

  access(page: number): boolean {
    const { frames, lists } = this;
    const frame = frames.frameOf(page);
    if (frame >= 0) {
      lists.moveAfter(RECENCY, frame);
      return true;
    }
    if (frames.full) {
      const oldest = lists.before(RECENCY);
      frames.load(page, oldest);
      lists.moveAfter(RECENCY, oldest);
    } else {
      lists.insertAfter(RECENCY, frames.used);
      frames.load(page, frames.used);
    }
    return false;
  }
}
