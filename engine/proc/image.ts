import { VM } from '../base/flags.ts';
import { TASK_SIZE } from '../base/limits.ts';
import { PAGE_SIZE, type MmId, type ObjectId } from '../base/units.ts';
import { accountPages } from '../mm/commit.ts';
import { makeFile } from '../mm/file.ts';
import { unmapAll } from '../mm/munmap.ts';
import type { MemoryState } from '../mm/state.ts';
import { addVma, NO_OBJECT } from '../mm/vma.ts';

/** A named stretch of the address space, as the console knows it: `p0 touch_w stack 0 1`. Pages. */
export interface Region {
  readonly name: string;
  readonly page: number;
  /** Only this task has it there; absent: every task. */
  readonly pid?: number;
}

/** Where a position-independent program goes without ASLR. Source: Linux ELF_ET_DYN_BASE on x86-64. */
const PROGRAM_PAGE = 0x555555554;
/** The stack ends two pages below the end of user space without ASLR. Source: Linux STACK_TOP, TASK_SIZE_MAX. */
const STACK_END_PAGE = Math.floor(TASK_SIZE / PAGE_SIZE);

/** What the first program's file is called. */
export const PROGRAM_FILE = 'program';

/** Pages of a program's parts. */
export interface ImageShape {
  readonly text: number;
  readonly rodata: number;
  readonly data: number;
  readonly bss: number;
}

/** A file that exec takes. */
export function makeImage(k: MemoryState, name: string, shape: ImageShape): ObjectId {
  const file = makeFile(k, name, shape.text + shape.rodata + shape.data);
  for (const part of ['text', 'rodata', 'data', 'bss'] as const) k.objects[part][file] = shape[part];
  return file;
}

/** @returns null for a file that is no program */
export function imageShape(k: MemoryState, file: ObjectId): ImageShape | null {
  const { text, rodata, data, bss } = k.objects;
  return text[file] === 0 ? null : { text: text[file]!, rodata: rodata[file]!, data: data[file]!, bss: bss[file]! };
}

/** Sizes in pages: small, so that a whole process fits on a screen. */
export const IMAGE = { text: 2, rodata: 1, data: 1, bss: 4, heap: 4, stack: 4 } as const;

/**
 * The areas of a program as the loader leaves them, from low to high: text, rodata, data, bss, heap, then the stack at
 * the top. Nothing is resident: every page waits for its first touch.
 * Source: Linux 6.18 fs/binfmt_elf.c load_elf_binary, elf_load, set_brk; fs/exec.c setup_arg_pages; simplified: one
 * small file, no interpreter, the stack starts with 4 pages and no argument strings.
 * @returns the regions the console can name; null, with nothing mapped, where too much is promised already
 */
export function mapProgram(k: MemoryState, mm: MmId, file = makeImage(k, PROGRAM_FILE, IMAGE)): Region[] | null {
  const regions: Region[] = [];
  let refused = false;
  const charged = (flags: number, pages: number): number => {
    if ((flags & VM.ACCOUNT) === 0 || accountPages(k, mm, pages).ok) return flags;
    refused = true;
    return flags & ~VM.ACCOUNT;
  };
  let page = PROGRAM_PAGE;
  let offset = 0;
  const fromFile = (name: string, pages: number, flags: number): void => {
    regions.push({ name, page });
    addVma(k, mm, { start: page, end: page + pages, flags: charged(flags, pages), object: file, offset });
    page += pages;
    offset += pages;
  };
  const anonymous = (name: string, start: number, pages: number, flags: number): void => {
    regions.push({ name, page: start });
    addVma(k, mm, { start, end: start + pages, flags: charged(flags, pages), object: NO_OBJECT, offset: start });
  };
  const writable = VM.READ | VM.WRITE | VM.ACCOUNT;
  fromFile('text', IMAGE.text, VM.READ | VM.EXEC);
  fromFile('rodata', IMAGE.rodata, VM.READ);
  fromFile('data', IMAGE.data, writable);
  anonymous('bss', page, IMAGE.bss, writable);
  // A page of distance keeps bss and heap two areas to look at, as brk randomisation does on a real system.
  const heap = page + IMAGE.bss + 1;
  k.mms.startBrk[mm] = heap * PAGE_SIZE;
  k.mms.brk[mm] = (heap + IMAGE.heap) * PAGE_SIZE;
  anonymous('heap', heap, IMAGE.heap, writable);
  anonymous('stack', STACK_END_PAGE - IMAGE.stack, IMAGE.stack, writable | VM.GROWSDOWN);
  if (!refused) return regions;
  unmapAll(k, mm);
  return null;
}

/**
 * Pages of the process that recorded scripts start from, never listed. Its memory map has 47; the last is the vsyscall
 * page, which belongs to no address space.
 */
export const BARE_HIDDEN = {
  listed: 47,
  total: 46, // its image 5, its stack 33, vvar and vdso 8
  stack: 33,
  text: 1, // of the image
  data: 2, // bss
  lockable: 38, // all but vvar and vdso
} as const;

/** An empty address space but for pages nobody lists, and a break to move. */
export function mapBare(k: MemoryState, mm: MmId): Region[] {
  const heap = PROGRAM_PAGE + 64;
  k.mms.hiddenPages[mm] = BARE_HIDDEN.total;
  k.mms.totalVm[mm] = BARE_HIDDEN.total;
  k.mms.hiddenData[mm] = BARE_HIDDEN.data;
  k.mms.dataVm[mm] = BARE_HIDDEN.data;
  k.mms.hiddenLockable[mm] = BARE_HIDDEN.lockable;
  // The machine that recorded the scripts let nobody raise a hard limit; for all else its processes are root's.
  k.mms.hardLimitsFixed[mm] = 1;
  k.mms.startBrk[mm] = heap * PAGE_SIZE;
  k.mms.brk[mm] = heap * PAGE_SIZE;
  return [{ name: 'heap', page: heap }];
}
