/** Allocators of other designs than glibc's, and the same requests on all of them. */
export { compareDesigns, type Comparison, type Request } from './compare.ts';
export {
  DESIGN_NAMES,
  type BlockAllocator,
  type BlockLook,
  type Design,
  type DesignLook,
  type DesignName,
  type DesignStep,
  type DesignWatcher,
  type FreeListLook,
  type Stretch,
} from './design.ts';
export { DESIGN_LOOKS, DESIGNS, type OtherDesign } from './designs.ts';
export { glibcDesignStep } from './glibc-design.ts';
export { DesignRun } from './design-run.ts';
export type { DesignFigures } from './figures.ts';
