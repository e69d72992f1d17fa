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
    let frame = frames.frameOf(page);
    const hit = frame >= 0;
    if (!hit) {
      frame = frames.full ? lists.before(RECENCY) : frames.used;
      const isNew = frame === frames.used;
      frames.load(page, frame);
      if (isNew) {
        lists.insertAfter(RECENCY, frame);
        return false;
      }
    }
    if (lists.after(RECENCY) !== frame) {
      lists.remove(frame);
      lists.insertAfter(RECENCY, frame);
    }
    return hit;
  }
}
