/** Rules that tests switch off to see that somebody notices. All false in every real machine. */
export interface TestRules {
  /** A write to a shared page goes to the shared frame. */
  cowNeverCopies: boolean;
  /** The last sharer copies too. */
  reuseCopies: boolean;
  /** fork copies every private page at once. */
  forkCopiesEagerly: boolean;
  /** A read of an untouched page takes a frame of its own. */
  zeroPageTakesFrame: boolean;
  /** munmap keeps the frames. */
  freeGivesNothingBack: boolean;
  /** mmap is not counted in Committed_AS. */
  promiseCountsNothing: boolean;
  /** free gives the pages of the block back at once. */
  freedBlocksLeave: boolean;
  /** The allocator never moves the break down. */
  heapNeverShrinks: boolean;
  /** The allocator never maps a block of its own. */
  blocksAreNeverMapped: boolean;
  /** RLIMIT_AS and RLIMIT_DATA refuse nothing. */
  limitsAreIgnored: boolean;
  /** The TLB keeps translations of pages that were unmapped or moved. */
  unmapFlushesNothing: boolean;
  /** The TLB keeps permissions that mprotect took away. */
  protectFlushesNothing: boolean;
  /** The TLB keeps the shared frame after copy-on-write. */
  copyFlushesNothing: boolean;
  /** The TLB keeps the parent's write permissions after fork. */
  forkFlushesNothing: boolean;
  /** Free chunks never join their neighbours. */
  blocksNeverJoin: boolean;
  /** The allocator believes whatever it is given and finds. */
  heapIsNeverChecked: boolean;
  /** Every process has glibc's allocator, whatever it has chosen. */
  designsAreIgnored: boolean;
  /** Best, worst and next fit take the first free block that is large enough. */
  everyFitIsFirst: boolean;
  /** @real changes nothing. */
  protectionStays: boolean;
  /** Reclaim takes locked pages too. */
  lockedPagesLeave: boolean;
  /** A fault that waited for a device is counted as minor. */
  majorCountsAsMinor: boolean;
  /** oom_score_adj adds nothing. */
  adjustmentIsIgnored: boolean;
  /** RLIMIT_MEMLOCK refuses nothing. */
  lockLimitIsIgnored: boolean;
  /** First in, first out forgets who came first. */
  arrivalIsForgotten: boolean;
  /** A device's memory counts as resident. */
  devicesCount: boolean;
  /** No huge page is ever mapped. */
  pagesStaySmall: boolean;
  /** Programs start at the same places, whatever the setting says. */
  chanceIsForgotten: boolean;
  /** malloc clears what it gives to C programs. */
  blocksComeCleared: boolean;
  /** Arrays of variable length stay on the stack until the function returns. */
  arraysPileUp: boolean;
  /** The device forgets what is written to it. */
  swapKeepsNothing: boolean;
}
/** Rules that lessons alone notice, each in a test of its own. */
export const LESSON_RULES: readonly (keyof TestRules)[] = [
  'blocksComeCleared',
  'arraysPileUp',
  'swapKeepsNothing',
  'protectionStays',
  'lockedPagesLeave',
  'majorCountsAsMinor',
  'adjustmentIsIgnored',
  'lockLimitIsIgnored',
  'arrivalIsForgotten',
  'devicesCount',
  'pagesStaySmall',
  'chanceIsForgotten',
];
/** Rules that only programs with an allocator notice. */
export const HEAP_RULES: readonly (keyof TestRules)[] = [
  'freedBlocksLeave',
  'heapNeverShrinks',
  'blocksAreNeverMapped',
  'limitsAreIgnored',
  'blocksNeverJoin',
  'heapIsNeverChecked',
  'designsAreIgnored',
  'everyFitIsFirst',
];
export const NO_RULES_OFF: TestRules = {
  cowNeverCopies: false,
  reuseCopies: false,
  forkCopiesEagerly: false,
  zeroPageTakesFrame: false,
  freeGivesNothingBack: false,
  promiseCountsNothing: false,
  freedBlocksLeave: false,
  heapNeverShrinks: false,
  blocksAreNeverMapped: false,
  limitsAreIgnored: false,
  unmapFlushesNothing: false,
  protectFlushesNothing: false,
  copyFlushesNothing: false,
  forkFlushesNothing: false,
  blocksNeverJoin: false,
  heapIsNeverChecked: false,
  designsAreIgnored: false,
  everyFitIsFirst: false,
  protectionStays: false,
  lockedPagesLeave: false,
  majorCountsAsMinor: false,
  adjustmentIsIgnored: false,
  lockLimitIsIgnored: false,
  arrivalIsForgotten: false,
  devicesCount: false,
  pagesStaySmall: false,
  chanceIsForgotten: false,
  blocksComeCleared: false,
  arraysPileUp: false,
  swapKeepsNothing: false,
};
