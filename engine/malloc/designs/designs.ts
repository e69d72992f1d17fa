import { bitmapAllocator } from './bitmap-allocator.ts';
import { checkBitmap, walkBitmap } from './bitmap-check.ts';
import { buddyAllocator } from './buddy-allocator.ts';
import { checkBuddy, walkBuddy } from './buddy-check.ts';
import type { Design, DesignName } from './design.ts';
import { glibcDesign } from './glibc-design.ts';
import { listAllocator } from './list-allocator.ts';
import { checkList, walkList } from './list-check.ts';
import { bestFit, firstFit, nextFit, worstFit, type Placement } from './placement.ts';

const listDesign = (place: Placement): Design => ({
  make: (h) => listAllocator(h, place),
  walk: walkList,
  check: checkList,
});

/** Every design by its name. */
export const DESIGNS: Readonly<Record<DesignName, Design>> = {
  glibc: glibcDesign,
  first: listDesign(firstFit),
  best: listDesign(bestFit),
  worst: listDesign(worstFit),
  next: listDesign(nextFit),
  bitmap: { make: bitmapAllocator, walk: walkBitmap, check: checkBitmap },
  buddy: { make: buddyAllocator, walk: walkBuddy, check: checkBuddy },
};
