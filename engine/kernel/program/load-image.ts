import { fail, ok, type SysResult } from '../../base/errno.ts';
import { FRAME, VM } from '../../base/flags.ts';
import { TASK_SIZE } from '../../base/limits.ts';
import { PAGE_SIZE, pagesFor, type MmId, type ObjectId } from '../../base/units.ts';
import { TEXT_START, type Image } from '../../c/index.ts';
import { accountPages } from '../../mm/commit.ts';
import { loadFromDisk, writableDiskPage } from '../../mm/disk.ts';
import { fileNamed, makeFile } from '../../mm/file.ts';
import { cachedFrame, cacheFrame } from '../../mm/object.ts';
import { busFrame, isReal, mapFlat } from '../../mm/real-mode.ts';
import { allocFrame } from '../../mm/page-alloc.ts';
import { addVma, NO_OBJECT } from '../../mm/vma.ts';
import type { Region } from '../../proc/image.ts';
import type { KernelState } from '../state.ts';

/** What the kernel gives a new stack. Source: Linux 6.18 fs/exec.c setup_arg_pages, stack_expand. */
const STACK_PAGES = 33;
const STACK_END = Math.floor(TASK_SIZE / PAGE_SIZE);
/** Characters of a file's name. */
const MAX_NAME = 15;
const WRITABLE = VM.READ | VM.WRITE | VM.ACCOUNT;

/** Where the stack ends, bytes, and where the parts of the program are. */
export interface Loaded {
  readonly stackTop: number;
  readonly regions: readonly Region[];
}

interface Section {
  readonly name: string;
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly flags: number;
}

/**
 * Maps a compiled program into an empty address space. Its file is on the disk, and in the page cache as far as that has
 * room, as on a machine that has just compiled it. Source: Linux 6.18 fs/binfmt_elf.c load_elf_binary; simplified: no
 * interpreter, the C library is part of the program.
 * @returns ENOMEM when the commit rule refuses it
 */
export function loadImage(k: KernelState, mm: MmId, file: ObjectId, image: Image): SysResult<Loaded> {
  const sections = sectionsOf(image);
  const regions: Region[] = [];
  const area = (part: string, start: number, pages: number, flags: number, offset: number | null): boolean => {
    if (isReal(k)) {
      if (!mapFlat(k, mm, start, pages, flags).ok) return false;
      regions.push({ name: part, page: start });
      return true;
    }
    const counted = (flags & VM.ACCOUNT) === 0 || accountPages(k, mm, pages).ok;
    if (!counted) return false;
    const backing = offset === null ? { object: NO_OBJECT, offset: start } : { object: file, offset };
    addVma(k, mm, { start, end: start + pages, flags, ...backing });
    regions.push({ name: part, page: start });
    return true;
  };
  let offset = 0;
  for (const { name: part, start, bytes, flags } of sections) {
    const pages = pagesFor(bytes.length);
    if (!area(part, start / PAGE_SIZE, pages, flags, offset)) return fail('ENOMEM');
    if (isReal(k)) fillFrames(k, file, start / PAGE_SIZE, offset, pages);
    offset += pages;
  }
  const bss = image.dataStart / PAGE_SIZE + pagesFor(image.data.length);
  const end = image.end / PAGE_SIZE;
  if (end > bss && !area('bss', bss, end - bss, WRITABLE, null)) return fail('ENOMEM');
  k.mms.startBrk[mm] = image.end;
  k.mms.brk[mm] = image.end;
  regions.push({ name: 'heap', page: end });
  const stack = STACK_END - STACK_PAGES;
  if (!area('stack', stack, STACK_PAGES, WRITABLE | VM.GROWSDOWN, null)) return fail('ENOMEM');
  return ok({ stackTop: STACK_END * PAGE_SIZE, regions });
}

const sectionsOf = (image: Image): Section[] =>
  [
    { name: 'text', start: TEXT_START, bytes: image.text, flags: VM.READ | VM.EXEC },
    { name: 'rodata', start: image.rodataStart, bytes: image.rodata, flags: VM.READ },
    { name: 'data', start: image.dataStart, bytes: image.data, flags: WRITABLE },
  ].filter(({ bytes }) => bytes.length > 0);

/** The file of a compiled program; made when it is first asked for. */
export function programFile(k: KernelState, name: string, image: Image): ObjectId {
  const short = name.replace(/^.*\//, '').slice(0, MAX_NAME);
  return fileNamed(k, short) ?? makeProgramFile(k, short, sectionsOf(image));
}

/** The sections one behind the other, each from a page of its own. */
function makeProgramFile(k: KernelState, name: string, sections: readonly Section[]): ObjectId {
  const pages = sections.reduce((sum, { bytes }) => sum + pagesFor(bytes.length), 0);
  const file = makeFile(k, name, pages);
  let index = 0;
  for (const { bytes } of sections) {
    for (let at = 0; at < bytes.length; at += PAGE_SIZE, index++) {
      const start = writableDiskPage(k, file, index);
      k.contents.bytes.fill(0, start, start + PAGE_SIZE);
      k.contents.bytes.set(bytes.subarray(at, at + PAGE_SIZE), start);
    }
  }
  for (let page = 0; page < pages && !isReal(k); page++) cachePage(k, file, page);
  return file;
}

/** Without page tables the part lies where its addresses lead to, all of it from the start. */
function fillFrames(k: KernelState, file: ObjectId, start: number, offset: number, pages: number): void {
  for (let page = 0; page < pages; page++) loadFromDisk(k, file, offset + page, busFrame(k, start + page));
}

function cachePage(k: KernelState, file: ObjectId, page: number): void {
  if (cachedFrame(k, file, page) >= 0) return;
  const frame = allocFrame(k, FRAME.FILE);
  if (frame === null) return;
  loadFromDisk(k, file, page, frame);
  cacheFrame(k, file, page, frame);
}
