/** Arithmetic on 64-bit words kept in doubles; see WordReader.load64 for what is exact. */

const TWO_64 = 2 ** 64;

/** A word as C's unsigned long. */
export const unsigned = (word: number): number => (word < 0 ? word + TWO_64 : word);

/** A word as C's long. */
export const signed = (word: number): number => (word >= 2 ** 63 ? word - TWO_64 : word);

export const alignUp = (value: number, to: number): number => Math.ceil(value / to) * to;
export const alignDown = (value: number, to: number): number => Math.floor(value / to) * to;
/** Whether at most one bit is set, as C's powerof2. */
export const isPowerOfTwo = (value: number): boolean => value === 0 || Number.isInteger(Math.log2(value));
