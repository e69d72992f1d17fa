import { assert } from '../../base/assert.ts';
import { FRAME, VM } from '../../base/flags.ts';
import { allocRow } from '../../base/table.ts';
import { TASK_SIZE } from '../../base/limits.ts';
import { PAGE_SIZE, pagesFor, type MmId, type ObjectId } from '../../base/units.ts';
import { TEXT_START, type Image } from '../../c/index.ts';
import { accountPages } from '../../mm/commit.ts';
import { makeFile } from '../../mm/file.ts';
import { busFrame, isReal, mapFlat } from '../../mm/real-mode.ts';
import { cacheFrame } from '../../mm/object.ts';
import { allocFrame } from '../../mm/page-alloc.ts';
import { addVma, NO_OBJECT } from '../../mm/vma.ts';
import type { KernelState } from '../state.ts';

/** What the kernel gives a new stack. Source: Linux 6.18 fs/exec.c setup_arg_pages, stack_expand. */
const STACK_PAGES = 33;
const STACK_END = Math.floor(TASK_SIZE / PAGE_SIZE);

/** Where the break is, and where the stack ends. Bytes. */
export interface Loaded {
  readonly stackTop: number;
}

/**
 * Maps a compiled program into an empty address space. Its file is in the page cache already, as it is on a machine that
 * has just compiled it. Source: Linux 6.18 fs/binfmt_elf.c load_elf_binary; simplified: no interpreter, the C library is
 * part of the program.
 */
export function loadImage(k: KernelState, mm: MmId, name: string, image: Image): Loaded {
  emptySpace(k, mm);
  const sections = [
    { start: TEXT_START, bytes: image.text, flags: VM.READ | VM.EXEC },
    { start: image.rodataStart, bytes: image.rodata, flags: VM.READ },
    { start: image.dataStart, bytes: image.data, flags: VM.READ | VM.WRITE | VM.ACCOUNT },
  ].filter(({ bytes }) => bytes.length > 0);
  const filePages = sections.reduce((sum, { bytes }) => sum + pagesFor(bytes.length), 0);
  const file = makeFile(k, name, filePages);
  let offset = 0;
  for (const { start, bytes, flags } of sections) {
    const pages = pagesFor(bytes.length);
    if (!isReal(k)) fillCache(k, file, offset, bytes);
    area(k, mm, start / PAGE_SIZE, pages, flags, file, offset);
    if (isReal(k)) fillFrames(k, start / PAGE_SIZE, bytes);
    offset += pages;
  }
  const dataPages = pagesFor(image.data.length);
  const bss = image.dataStart / PAGE_SIZE + dataPages;
  const end = image.end / PAGE_SIZE;
  if (end > bss) area(k, mm, bss, end - bss, VM.READ | VM.WRITE | VM.ACCOUNT, NO_OBJECT, bss);
  k.mms.startBrk[mm] = image.end;
  k.mms.brk[mm] = image.end;
  const stack = STACK_END - STACK_PAGES;
  area(k, mm, stack, STACK_PAGES, VM.READ | VM.WRITE | VM.ACCOUNT | VM.GROWSDOWN, NO_OBJECT, stack);
  return { stackTop: STACK_END * PAGE_SIZE };
}

/** The bare process has pages that nobody lists, and lacks a capability; a program has its own and all. */
function emptySpace(k: KernelState, mm: MmId): void {
  const { mms } = k;
  for (const column of ['hiddenPages', 'totalVm', 'hiddenData', 'dataVm', 'hiddenLockable', 'capsDropped'] as const) {
    mms[column][mm] = 0;
  }
}

function area(
  k: KernelState,
  mm: MmId,
  start: number,
  pages: number,
  flags: number,
  object: ObjectId | typeof NO_OBJECT,
  offset: number,
): void {
  if (isReal(k)) {
    assert(mapFlat(k, mm, start, pages, flags).ok, 'the program fits the machine');
    return;
  }
  if ((flags & VM.ACCOUNT) !== 0) assert(accountPages(k, mm, pages).ok, 'the program fits the machine');
  addVma(k, mm, { start, end: start + pages, flags, object, offset });
}

function fillCache(k: KernelState, file: ObjectId, first: number, bytes: Uint8Array): void {
  for (let page = 0; page < pagesFor(bytes.length); page++) {
    const frame = allocFrame(k, FRAME.FILE);
    assert(frame !== null, 'the program fits the machine');
    fillFrame(k, frame, bytes.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE));
    cacheFrame(k, file, first + page, frame);
  }
}

/** Without page tables the part lies where its addresses lead to, all of it from the start. */
function fillFrames(k: KernelState, start: number, bytes: Uint8Array): void {
  for (let page = 0; page < pagesFor(bytes.length); page++)
    fillFrame(k, busFrame(k, start + page), bytes.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE));
}

function fillFrame(k: KernelState, frame: number, bytes: Uint8Array): void {
  const row = allocRow(k.contents);
  k.contents.bytes.set(bytes, row * PAGE_SIZE);
  k.frames.content[frame] = row;
}
