import { assert } from './assert.ts';

/**
 * Chance that can be repeated: xoshiro128** over four 32-bit words, which stand in an array so that they can be part of
 * a snapshot. Every function changes the state it is given and nothing else.
 * Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators" (2021), xoshiro128starstar.c 1.1.
 */
export type PrngState = Uint32Array<ArrayBuffer>;

const STATE_WORDS = 4;
const WORD = 2 ** 32;

/**
 * The state a seed stands for: two steps of SplitMix64, low word first. Neighbouring seeds give unrelated states, and
 * none gives the forbidden state of zeros only.
 * @param seed 0 … 2^32 − 1
 */
export function seedPrng(seed: number): PrngState {
  assert(Number.isInteger(seed) && seed >= 0 && seed < WORD, 'a seed has 32 bits');
  const state = new Uint32Array(STATE_WORDS);
  let weyl = BigInt(seed);
  for (let word = 0; word < STATE_WORDS; word += 2) {
    weyl = BigInt.asUintN(64, weyl + 0x9e3779b97f4a7c15n);
    const mixed = splitMix64(weyl);
    state[word] = Number(mixed & 0xffffffffn);
    state[word + 1] = Number(mixed >> 32n);
  }
  return state;
}

/** Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014), with Stafford's mix 13. */
function splitMix64(weyl: bigint): bigint {
  let z = weyl;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** The next number, 0 … 2^32 − 1, each as likely as any other. */
export function nextUint32(state: PrngState): number {
  const s1 = state[1]!;
  const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  const s2 = state[2]! ^ state[0]!;
  const s3 = state[3]! ^ s1;
  state[1] = s1 ^ s2;
  state[0] = state[0]! ^ s3;
  state[2] = s2 ^ (s1 << 9);
  state[3] = rotateLeft(s3, 11);
  return result;
}

/**
 * A number 0 … bound − 1, each as likely as any other: draws from the last, incomplete round of `bound` numbers are
 * thrown away, which happens to less than half of them.
 * @param bound 1 … 2^32
 */
export function nextBelow(state: PrngState, bound: number): number {
  assert(Number.isInteger(bound) && bound >= 1 && bound <= WORD, 'a bound lies between 1 and 2^32');
  const end = WORD - (WORD % bound);
  let drawn = nextUint32(state);
  while (drawn >= end) drawn = nextUint32(state);
  return drawn % bound;
}
