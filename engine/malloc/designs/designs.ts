import { bitmapAllocator } from './bitmap-allocator.ts';
import { checkBitmap } from './bitmap-check.ts';
import { bitmapLook } from './bitmap-look.ts';
import { buddyAllocator } from './buddy-allocator.ts';
import { checkBuddy } from './buddy-check.ts';
import { buddyLook } from './buddy-look.ts';
import type { Design, DesignLook, DesignName } from './design.ts';
import { glibcDesign } from './glibc-design.ts';
import { listAllocator } from './list-allocator.ts';
import { checkList } from './list-check.ts';
import { listLook } from './list-look.ts';
import { bestFit, firstFit, nextFit, worstFit, type Placement } from './placement.ts';

const listDesign = (place: Placement): Design => ({
  make: (h) => listAllocator(h, place),
  walk: listLook.walk,
  check: checkList,
});

/** Every design by its name. */
export const DESIGNS: Readonly<Record<DesignName, Design>> = {
  glibc: glibcDesign,
  first: listDesign(firstFit),
  best: listDesign(bestFit),
  worst: listDesign(worstFit),
  next: listDesign(nextFit),
  bitmap: { make: bitmapAllocator, walk: bitmapLook.walk, check: checkBitmap },
  buddy: { make: buddyAllocator, walk: buddyLook.walk, check: checkBuddy },
};

/** Every design but glibc's, whose heap has more to show. */
export type OtherDesign = Exclude<DesignName, 'glibc'>;

export const DESIGN_LOOKS: Readonly<Record<OtherDesign, DesignLook>> = {
  first: listLook,
  best: listLook,
  worst: listLook,
  next: listLook,
  bitmap: bitmapLook,
  buddy: buddyLook,
};
