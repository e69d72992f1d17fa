/** The rule by which a page gives way when all frames are taken. Page numbers are whole and below PAGE_LIMIT. */
export interface Policy {
  /**
   * The program touches a page. It is in a frame afterwards.
   * @returns true when it was before (a hit), false when it had to be loaded (a fault)
   */
  access(page: number): boolean;
}

export const POLICY_NAMES = ['fifo', 'lru', 'clock', 'lfu', 'random', 'opt', 'linux'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/** First number that is no page: 64-bit addresses without the 12 bits within a page, exact in a double. */
export const PAGE_LIMIT = 2 ** 52;
