import { assert } from '../base/assert.ts';
import { BitTree } from './bit-tree.ts';
import { Frames } from './frames.ts';
import { PageMap } from './page-map.ts';
import type { Policy } from './policy.ts';

const NEVER = -1;

/**
 * The fewest faults that any rule can reach: the page whose next use is farthest away goes; of several that are never
 * used again, the one in the lowest frame. It has to know the future. Source: Belady, "A Study of Replacement Algorithms
 * for a Virtual-Storage Computer" (1966).
 *
 * No two pages are used next at the same moment, so the pages in frames are kept as the set of these moments. Its largest
 * member names the page that goes.
 */
export class Opt implements Policy {
  private readonly frames: Frames;
  /** Position of the next reference to the same page, by position. */
  private readonly nextUse: Int32Array;
  /** Next uses of the pages in frames. */
  private readonly upcoming: BitTree;
  /** Frames whose page is never used again. */
  private readonly finished: BitTree;
  private position = 0;

  /** @param future all references, in order; they are not copied and must not change */
  constructor(
    frames: number,
    private readonly future: Float64Array,
  ) {
    this.frames = new Frames(frames);
    this.nextUse = nextUses(future);
    this.upcoming = new BitTree(future.length);
    this.finished = new BitTree(Math.min(frames, future.length));
  }

  access(page: number): boolean {
    const { frames, position } = this;
    assert(this.future[position] === page, 'the references come as they were announced');
    this.position++;
    let frame = frames.frameOf(page);
    const hit = frame >= 0;
    if (hit) {
      this.upcoming.remove(position);
    } else {
      frame = frames.full ? this.giveWay() : frames.used;
      frames.load(page, frame);
    }
    const next = this.nextUse[position]!;
    if (next === NEVER) this.finished.add(frame);
    else this.upcoming.add(next);
    return hit;
  }

  /** The frame whose page goes. */
  private giveWay(): number {
    const finished = this.finished.smallest();
    if (finished >= 0) {
      this.finished.remove(finished);
      return finished;
    }
    const farthest = this.upcoming.largest();
    this.upcoming.remove(farthest);
    return this.frames.frameOf(this.future[farthest]!);
  }
}

function nextUses(pages: Float64Array): Int32Array {
  const next = new Int32Array(pages.length);
  const seen = new PageMap();
  for (let at = pages.length - 1; at >= 0; at--) {
    const page = pages[at]!;
    // PageMap's "none" is NEVER
    next[at] = seen.get(page);
    seen.set(page, at);
  }
  return next;
}
