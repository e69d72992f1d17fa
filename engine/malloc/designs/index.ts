/** Allocators of other designs than glibc's, and the same requests on all of them. */
export { compareDesigns, type Comparison, type Request } from './compare.ts';
export { DESIGN_NAMES, type BlockAllocator, type Design, type DesignName, type DesignStep } from './design.ts';
export { DESIGNS } from './designs.ts';
export { DesignRun } from './design-run.ts';
export type { DesignFigures } from './figures.ts';
