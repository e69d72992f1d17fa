import type { Heap, HeapView } from './heap.ts';

/**
 * Links of tcache and fastbins are stored XORed with the page-shifted address they are stored at, so that a program
 * that overwrites one cannot aim. The halves of the words are treated apart: a damaged link has all 64 bits.
 * glibc 2.36 malloc/malloc.c PROTECT_PTR, REVEAL_PTR.
 */
const PAGE = 4096;
const TWO_32 = 2 ** 32;

const shiftedLow = (at: number): number => Math.floor(at / PAGE) >>> 0;
const shiftedHigh = (at: number): number => Math.floor(at / PAGE / TWO_32) >>> 0;

/** High halves below this make a word that a number holds exactly. */
const EXACT_HIGH = 2 ** 21;

function storeHalves(h: Heap, at: number, low: number, high: number): void {
  if (high < EXACT_HIGH) {
    h.mem.store64(at, high * TWO_32 + low);
  } else {
    h.mem.store32(at, low);
    h.mem.store32(at + 4, high);
  }
}

/** Stores a link to `to` at address `at`. */
export function storeLink(h: Heap, at: number, to: number): void {
  storeHalves(h, at, (shiftedLow(at) ^ to) >>> 0, (shiftedHigh(at) ^ Math.floor(to / TWO_32)) >>> 0);
}

/** The link stored at `at`, as a signed word. Its alignment: `linkLow`. */
export function loadLink(h: HeapView, at: number): number {
  const high = h.mem.load32(at + 4) ^ shiftedHigh(at);
  return high * TWO_32 + linkLow(h, at);
}

/** The low half of the link stored at `at`. */
export const linkLow = (h: HeapView, at: number): number => (h.mem.load32(at) ^ shiftedLow(at)) >>> 0;

/** Decodes the link at `from` into the plain pointer at `to`, all 64 bits of it. */
export function moveLink(h: Heap, from: number, to: number): void {
  const word = h.mem.load64(from);
  const isExact = Number.isSafeInteger(word);
  const low = isExact ? word : h.mem.load32(from);
  const high = isExact ? Math.floor(word / TWO_32) : h.mem.load32(from + 4);
  storeHalves(h, to, (low ^ shiftedLow(from)) >>> 0, (high ^ shiftedHigh(from)) >>> 0);
}
