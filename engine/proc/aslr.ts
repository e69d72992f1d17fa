import { nextBelow, nextUint32, seedPrng } from '../base/prng.ts';
import { TASK_SIZE } from '../base/limits.ts';
import { PAGE_SIZE } from '../base/units.ts';
import type { MemoryState } from '../mm/state.ts';

/**
 * Address space layout randomisation: where exec puts a program. Which parts move is /proc/sys/kernel/randomize_va_space:
 * 0 none, 1 all but the heap, 2 the heap too.
 */

/** Bits of chance in each part's start. Source: Linux 6.18 arch/x86/Kconfig ARCH_MMAP_RND_BITS_MIN; below for the rest. */
export const ENTROPY = {
  /** Pages the program's image moves up by. Source: arch/x86/mm/mmap.c arch_mmap_rnd. */
  imagePageBits: 28,
  /** Pages the stack's top moves down by. Source: mm/util.c randomize_stack_top, STACK_RND_MASK. */
  stackPageBits: 22,
  /** Bytes the first word moves down by within that, in steps of 16. Source: arch/x86/kernel/process.c arch_align_stack. */
  stackBytes: 8192,
  /** Pages the heap starts behind the image at most. Source: arch/x86/kernel/process.c arch_randomize_brk, 1 GiB. */
  brkPages: 262_144,
} as const;

/** Where a position-independent program goes at the least. Source: arch/x86/include/asm/elf.h ELF_ET_DYN_BASE. */
export const IMAGE_BASE_PAGE = Math.floor((Math.floor(TASK_SIZE / 3) * 2) / PAGE_SIZE);
/** Page behind the stack without chance. Source: Linux STACK_TOP, TASK_SIZE_MAX. */
export const STACK_TOP_PAGE = Math.floor(TASK_SIZE / PAGE_SIZE);

/** A program's place, before anything of it is mapped. */
export interface Layout {
  readonly imagePage: number;
  /** Page behind the stack. */
  readonly stackTopPage: number;
  /** Bytes below the strings at the stack's top that stay unused. */
  readonly stackSlackBytes: number;
  /** Pages between the image's end and the heap. */
  readonly brkGapPages: number;
  /** The 16 bytes that the program finds through AT_RANDOM: never the same twice, with chance or without. */
  readonly randomBytes: readonly number[];
}

/** Draws the places of one exec: the same machine, seed and number of execs before give the same. */
export function drawLayout(k: MemoryState): Layout {
  const { machine } = k;
  const chance = seedPrng((machine.seed[0]! ^ Math.imul(machine.execs[0]!++ + 1, 0x9e3779b1)) >>> 0);
  const mode = k.rules.chanceIsForgotten ? 0 : machine.randomizeVaSpace[0]!;
  const randomBytes = Array.from({ length: 16 }, () => nextUint32(chance) >>> 24);
  const draw = (on: boolean, bound: number): number => (on ? nextBelow(chance, bound) : 0);
  return placeOf(draw, mode, randomBytes);
}

function placeOf(draw: (on: boolean, bound: number) => number, mode: number, randomBytes: readonly number[]): Layout {
  const { imagePageBits, stackPageBits, stackBytes, brkPages } = ENTROPY;
  return {
    imagePage: IMAGE_BASE_PAGE + draw(mode !== 0, 2 ** imagePageBits),
    stackTopPage: STACK_TOP_PAGE - draw(mode !== 0, 2 ** stackPageBits),
    stackSlackBytes: draw(mode !== 0, stackBytes),
    brkGapPages: draw(mode > 1, brkPages),
    randomBytes,
  };
}
