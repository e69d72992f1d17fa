import { NULL } from '../heap.ts';
import { addressOf, blockUnits, startOf, stateOf, UNIT_BYTES, unitsOf } from './bitmap-directory.ts';
import { walkBitmap } from './bitmap-check.ts';
import type { DesignLook } from './design.ts';

/** A heap with its directory elsewhere: nothing of it lies in or between the blocks. */
export const bitmapLook: DesignLook = {
  walk: walkBitmap,
  extent: (h) => ({ start: startOf(h), end: startOf(h) === NULL ? 0 : addressOf(h, unitsOf(h)) }),
  blockAt(h, block) {
    const unit = (block - startOf(h)) / UNIT_BYTES;
    if (startOf(h) === NULL || !Number.isInteger(unit) || unit < 0 || unit >= unitsOf(h)) return null;
    if (stateOf(h, unit) !== 'first') return null;
    const bytes = blockUnits(h, unit) * UNIT_BYTES;
    return { address: block, bytes, usable: bytes };
  },
  lists: () => [],
  tags: { used: 0, free: 0, end: 0 },
};
