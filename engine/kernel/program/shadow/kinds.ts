/** What a program can be found doing. Appended to at the end. */
export const FINDING_KINDS = [
  'none',
  'uninitialised', // a value was read that nobody had stored
  'use-after-free',
  'out-of-bounds',
  'dead-frame', // a variable of a function that has returned
  'overlap', // memcpy between ranges that overlap
  'padding', // memcmp over bytes between members
  'aliasing', // an object accessed as another type than its own
  'misaligned',
  'double-free',
  'invalid-free',
  'leak',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** In a few words, as the window's marks say it. */
export const FINDING_WORDS: Readonly<Record<FindingKind, string>> = {
  none: '',
  uninitialised: 'a value nobody stored',
  'use-after-free': 'memory that was freed',
  'out-of-bounds': 'out of bounds',
  'dead-frame': 'a function that has returned',
  overlap: 'a copy onto itself',
  padding: 'padding is compared',
  aliasing: 'another type than its own',
  misaligned: 'a misaligned address',
  'double-free': 'freed twice',
  'invalid-free': 'no block to free',
  leak: 'lost memory',
};

/** Where it comes from. `more` of the finding is in brackets. */
export const CAUSES = [
  'none',
  'allocated', // by malloc [bytes of the block]
  'declared', // a local variable
  'freed', // [bytes of the block]
  'behind-block', // [bytes from its end]
  'before-block', // [bytes to its start]
  'index', // [the index]; the array's length is the finding's size
  'variable', // beyond its end [bytes]
  'frame', // a saved frame pointer or return address
  'between', // no variable and no block lies there
  'wrote', // who stored there last
  'no-block', // the address of no block
] as const;
export type Cause = (typeof CAUSES)[number];

/** How many bytes of a range the checker looks at: a length that no memory has is the processor's to refuse. */
export const MOST_BYTES = 2 ** 26;
