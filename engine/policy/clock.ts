import { makeTable, reserveRows } from '../base/table.ts';
import { Frames } from './frames.ts';
import type { Policy } from './policy.ts';

/**
 * A hand goes round the frames. Each page has a reference bit, set when it is loaded and whenever it is touched; the
 * hand clears the bits it passes and replaces the first page whose bit is clear. Afterwards it points behind the frame
 * just loaded. Second chance is the same rule, told of a queue. Source: Corbato, "A Paging Experiment with the Multics
 * System" (1968).
 */
export class Clock implements Policy {
  private readonly frames: Frames;
  private readonly bits = makeTable('clock', { referenced: 'u8' }, 1_024);
  private hand = 0;

  constructor(frames: number) {
    this.frames = new Frames(frames);
  }

  access(page: number): boolean {
    const { frames, bits } = this;
    const frame = frames.frameOf(page);
    if (frame >= 0) {
      bits.referenced[frame] = 1;
      return true;
    }
    if (frames.full) this.passReferenced();
    else reserveRows(bits, this.hand + 1);
    frames.load(page, this.hand);
    bits.referenced[this.hand] = 1;
    this.hand = this.behind(this.hand);
    return false;
  }

  /** At most once round: behind the starting point all bits are clear. */
  private passReferenced(): void {
    const { referenced } = this.bits;
    while (referenced[this.hand] === 1) {
      referenced[this.hand] = 0;
      this.hand = this.behind(this.hand);
    }
  }

  private behind(frame: number): number {
    return frame + 1 === this.frames.count ? 0 : frame + 1;
  }
}
