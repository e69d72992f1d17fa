import { nextBelow, seedPrng, type PrngState } from '../base/prng.ts';
import { Frames } from './frames.ts';
import type { Policy } from './policy.ts';

/** Any page goes, each as likely as any other. The same seed makes the same choices. */
export class Random implements Policy {
  private readonly frames: Frames;
  private readonly chance: PrngState;

  constructor(frames: number, seed: number) {
    this.frames = new Frames(frames);
    this.chance = seedPrng(seed);
  }

  access(page: number): boolean {
    const { frames } = this;
    if (frames.frameOf(page) >= 0) return true;
    frames.load(page, frames.full ? nextBelow(this.chance, frames.count) : frames.used);
    return false;
  }
}
