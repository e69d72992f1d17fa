import { Frames } from './frames.ts';
import type { Policy } from './policy.ts';

/** First in, first out: the page that was loaded first goes, however often it was used since. */
export class Fifo implements Policy {
  private readonly frames: Frames;
  /** Frames are loaded in a ring, so the next one holds the oldest page, or none yet. */
  private next = 0;

  constructor(frames: number) {
    this.frames = new Frames(frames);
  }

  access(page: number): boolean {
    if (this.frames.frameOf(page) >= 0) return true;
    this.frames.load(page, this.next);
    this.next = this.next + 1 === this.frames.count ? 0 : this.next + 1;
    return false;
  }
}
