import { makeTable, reserveRows } from '../base/table.ts';
import { endOf, FrameLists } from './frame-lists.ts';
import { Frames } from './frames.ts';
import type { Policy } from './policy.ts';

const INACTIVE = endOf(0);
const ACTIVE = endOf(1);
const FRAMES_PER_GIB = 2 ** 18;

/**
 * Linux's two lists with second chance, for anonymous pages that one process maps.
 *
 * A touch sets the accessed bit of the page table entry and nothing else: the lists move only when a frame is needed. A
 * page starts at the head of the inactive list, its accessed bit set by the fault. Reclaim looks at the tail of the
 * inactive list: a page touched since the last look goes to the head again the first time (PG_referenced) and to the
 * active list the second time; an untouched one is evicted. Where the inactive list has become too short, the tail of
 * the active list moves over, touched or not, and its accessed bit is cleared.
 *
 * Source: Linux 6.x mm/vmscan.c shrink_folio_list, folio_check_references, shrink_active_list, inactive_is_low.
 * Simplified: one zone and one memory cgroup; reclaim starts when no frame is left and takes one page at a time, not by
 * watermarks and in batches of 32; nothing runs in the background; an evicted page leaves no shadow entry, so that it
 * always comes back to the inactive list (mm/workingset.c); no file pages, no mlock, no dirty pages that have to be
 * written first.
 */
export class Linux implements Policy {
  private readonly frames: Frames;
  private readonly lists = new FrameLists(2);
  private readonly flags = makeTable('linux', { accessed: 'u8', referenced: 'u8' }, 1_024);
  private inactivePages = 0;
  private activePages = 0;
  /** How many times longer than the inactive list the active one may be. */
  private readonly inactiveRatio: number;

  constructor(frames: number) {
    this.frames = new Frames(frames);
    this.inactiveRatio = inactiveRatioOf(frames);
  }

  access(page: number): boolean {
    const { frames, flags } = this;
    let frame = frames.frameOf(page);
    if (frame >= 0) {
      flags.accessed[frame] = 1;
      return true;
    }
    frame = frames.full ? this.reclaim() : frames.used;
    reserveRows(flags, frame + 1);
    frames.load(page, frame);
    flags.accessed[frame] = 1;
    flags.referenced[frame] = 0;
    this.addInactive(frame);
    return false;
  }

  /**
   * Called when every frame holds a page; the frame it gives is in no list. Every look clears an accessed bit or ends
   * the search, so it ends after at most a look a frame and one more.
   */
  private reclaim(): number {
    const { lists, flags } = this;
    for (;;) {
      if (this.inactiveIsLow()) this.deactivate();
      const frame = lists.before(INACTIVE);
      lists.remove(frame);
      this.inactivePages--;
      if (flags.accessed[frame] === 0) return frame;
      flags.accessed[frame] = 0;
      if (flags.referenced[frame] === 0) {
        flags.referenced[frame] = 1;
        this.addInactive(frame);
      } else {
        // PG_referenced stays set: back on the inactive list, one touch is enough.
        lists.insertAfter(ACTIVE, frame);
        this.activePages++;
      }
    }
  }

  private inactiveIsLow(): boolean {
    return this.inactivePages * this.inactiveRatio < this.activePages;
  }

  /** Called when the active list holds a page: its tail goes to the inactive list. */
  private deactivate(): void {
    const frame = this.lists.before(ACTIVE);
    this.lists.remove(frame);
    this.activePages--;
    this.flags.accessed[frame] = 0;
    this.addInactive(frame);
  }

  private addInactive(frame: number): void {
    this.lists.insertAfter(INACTIVE, frame);
    this.inactivePages++;
  }
}

/** 1 below a gibibyte, 3 at one, 10 at ten. Source: Linux 6.x mm/vmscan.c inactive_is_low. */
function inactiveRatioOf(frames: number): number {
  const gib = Math.floor(frames / FRAMES_PER_GIB);
  return gib === 0 ? 1 : Math.floor(Math.sqrt(10 * gib));
}
