import { DONE, fail, type SysResult } from '../base/errno.ts';
import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { VM } from '../base/flags.ts';
import { PAGE_SIZE, type MmId, type ObjectId, type Pid } from '../base/units.ts';
import { accountPages } from '../mm/commit.ts';
import { freeMm, makeMm } from '../mm/mm.ts';
import { storeByte } from '../mm/frame-bytes.ts';
import { mayExpand } from '../mm/mmap.ts';
import { isReal } from '../mm/real-mode.ts';
import { addVma, NO_OBJECT } from '../mm/vma.ts';
import { userFrame } from '../mm/user-copy.ts';
import { drawLayout, type Layout } from './aslr.ts';
import { buildStack } from './elf-tables.ts';
import { SIGNAL } from '../base/signals.ts';
import { endTask } from './exit.ts';
import { imageShape, type ImageShape, type Region } from './image.ts';
import { mmOf, type ProcState } from './task.ts';

export interface ExecRequest {
  readonly file: ObjectId;
  readonly name: string;
  readonly argv: readonly string[];
  readonly envp: readonly string[];
}

/** Pages of the stack's area at the start: below the strings, for the program to use. Source: fs/exec.c setup_arg_pages. */
const STACK_PAGES = 33;
/** Bytes of data that share their last page with bss. */
const BSS_SHARE = 512;

const WRITABLE = VM.READ | VM.WRITE | VM.ACCOUNT;

/**
 * execve(2): the task gets a new address space with another program in it. Strings go into the new stack first; then
 * the old address space goes, with its locks and MCL_FUTURE; from there on a failure kills. Limits stay.
 * Source: Linux 6.18 fs/exec.c begin_new_exec, exec_mmap, setup_arg_pages; fs/binfmt_elf.c load_elf_binary.
 * @param regions told where the parts are
 * @returns ENOEXEC for a file that is no program; ENOMEM with the old program still there
 */
export function sysExec(k: ProcState, pid: Pid, request: ExecRequest, regions: (found: Region[]) => void): SysResult {
  const shape = imageShape(k, request.file);
  // A program with page tables in mind has no meaning without. Source: Linux 6.18 fs/binfmt_elf.c depends on MMU.
  if (shape === null || isReal(k)) return fail('ENOEXEC');
  const old = mmOf(k, pid);
  const mm = makeMm(k, pid);
  if (mm === null) return fail('ENOMEM');
  inherit(k, old, mm);
  const layout = drawLayout(k);
  const id = emit(k.events, EVENT.EXEC, layout.imagePage, -1, request.file, layout.stackTopPage);
  return within(k.events, id, () => {
    if (!mapStack(k, mm, layout)) return undo(k, mm);
    k.tasks.mm[pid] = mm;
    // The new program has none of the old one's handlers; what was ignored stays so. Source: flush_signal_handlers.
    k.tasks.sigHandled[pid] = 0;
    freeMm(k, old);
    const parts = mapImage(k, mm, request.file, shape, layout);
    if (parts === null) {
      endTask(k, pid, SIGNAL.SIGSEGV);
      return fail('ENOMEM');
    }
    regions(parts);
    clearBehindData(k, mm, shape, layout);
    writeStack(k, mm, request, layout);
    return DONE;
  });
}

function undo(k: ProcState, mm: MmId): SysResult {
  freeMm(k, mm);
  return fail('ENOMEM');
}

const KEPT = [
  'rlimitAs', 'rlimitData', 'rlimitStack', 'rlimitMemlock', 'hardAs', 'hardData', 'hardStack', 'hardMemlock',
  'capsDropped', 'capsDroppedHigh', 'hardLimitsFixed',
] as const; // prettier-ignore

function inherit(k: ProcState, from: MmId, to: MmId): void {
  for (const column of KEPT) k.mms[column][to] = k.mms[column][from]!;
}

const stackPages = (k: ProcState, mm: MmId): number =>
  Math.min(STACK_PAGES, Math.max(1, Math.floor(k.mms.rlimitStack[mm]! / PAGE_SIZE)));

/** The stack: a few pages now, more as it grows. @returns false when a limit or the commit rule refuses it */
function mapStack(k: ProcState, mm: MmId, { stackTopPage }: Layout): boolean {
  const pages = stackPages(k, mm);
  const flags = WRITABLE | VM.GROWSDOWN;
  if (!mayExpand(k, mm, flags, pages) || !accountPages(k, mm, pages).ok) return false;
  const start = stackTopPage - pages;
  addVma(k, mm, { start, end: stackTopPage, flags, object: NO_OBJECT, offset: start });
  return true;
}

/** From low to high: text, rodata, data, bss, and where the heap will start. Source: fs/binfmt_elf.c elf_load, set_brk. */
function mapImage(k: ProcState, mm: MmId, file: ObjectId, shape: ImageShape, layout: Layout): Region[] | null {
  const regions: Region[] = [];
  let page = layout.imagePage;
  let offset = 0;
  let refused = false;
  const part = (name: string, pages: number, flags: number, object: ObjectId): void => {
    regions.push({ name, page });
    const counted = (flags & VM.ACCOUNT) === 0 || accountPages(k, mm, pages).ok;
    refused ||= !counted || !mayExpand(k, mm, flags, pages);
    const charge = counted ? flags : flags & ~VM.ACCOUNT;
    addVma(k, mm, { start: page, end: page + pages, flags: charge, object, offset: object < 0 ? page : offset });
    page += pages;
    offset += pages;
  };
  part('text', shape.text, VM.READ | VM.EXEC, file);
  part('rodata', shape.rodata, VM.READ, file);
  part('data', shape.data, WRITABLE, file);
  part('bss', shape.bss, WRITABLE, NO_OBJECT);
  const heap = page + layout.brkGapPages;
  k.mms.startBrk[mm] = heap * PAGE_SIZE;
  k.mms.brk[mm] = heap * PAGE_SIZE;
  regions.push({ name: 'heap', page: heap });
  regions.push({ name: 'stack', page: layout.stackTopPage - stackPages(k, mm) });
  return refused ? null : regions;
}

/** The end of the data page belongs to bss and is cleared: the page's first write. Source: fs/binfmt_elf.c padzero. */
function clearBehindData(k: ProcState, mm: MmId, { text, rodata, data }: ImageShape, { imagePage }: Layout): void {
  const frame = userFrame(k, mm, imagePage + text + rodata + data - 1, true);
  if (frame === null) return;
  for (let offset = PAGE_SIZE - BSS_SHARE; offset < PAGE_SIZE; offset++) storeByte(k, frame, offset, 0);
}

function writeStack(k: ProcState, mm: MmId, { name, argv, envp }: ExecRequest, layout: Layout): void {
  const base = layout.imagePage * PAGE_SIZE;
  const image = { name, argv, envp, base, entry: base + PAGE_SIZE / 4, randomBytes: layout.randomBytes, slackBytes: layout.stackSlackBytes }; // prettier-ignore
  const { pointer, bytes } = buildStack(image, layout.stackTopPage * PAGE_SIZE);
  k.mms.startStack[mm] = pointer;
  for (let i = 0; i < bytes.length;) {
    const address = pointer + i;
    const page = Math.floor(address / PAGE_SIZE);
    const frame = userFrame(k, mm, page, true);
    const until = Math.min(bytes.length, (page + 1) * PAGE_SIZE - pointer);
    if (frame === null) return;
    for (; i < until; i++) storeByte(k, frame, pointer + i - page * PAGE_SIZE, bytes[i]!);
  }
}
