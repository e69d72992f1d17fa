import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { SIGNAL } from '../base/signals.ts';
import { PAGE_SIZE, type MmId, type Pid } from '../base/units.ts';
import { fileNamed } from '../mm/file.ts';
import { touchAllBlocks } from '../mm/frame-blocks.ts';
import { forgetContent, storeByte } from '../mm/frame-bytes.ts';
import { unmapAll } from '../mm/munmap.ts';
import { freeTopTable, makeTopTable } from '../mm/page-table.ts';
import { freeRun, isReal, VECTORS } from '../mm/real-mode.ts';
import { forgetSpace } from '../mm/tlb-flush.ts';
import { vmaOf } from '../mm/vma-list.ts';
import { endTask } from '../proc/exit.ts';
import { IMAGE, makeImage, mapProgram, PROGRAM_FILE, type Region } from '../proc/image.ts';
import { loadFlatProgram } from '../proc/real-image.ts';
import { hasMemory, mmOf, taskNumbers } from '../proc/task.ts';
import type { TaskOperation } from '../protocol/commands.ts';
import { dropHeapRecords } from './heap/records.ts';
import { regionPage, setTaskRegions } from './regions.ts';
import type { KernelState } from './state.ts';

/**
 * Switches translation and protection off, or on again. Nothing that was mapped can be found after it, so every task
 * starts over with its program loaded anew: off into physical memory, on into an address space of its own. A task whose
 * program finds no room ends.
 */
export function setReal(k: KernelState, on: boolean): void {
  if (isReal(k) === on || k.rules.protectionStays) return;
  const id = emit(k.events, EVENT.PROTECTION_SET, -1, -1, on ? 0 : 1);
  within(k.events, id, () => {
    const living = taskNumbers(k).filter((pid) => hasMemory(k, pid));
    for (const pid of living) {
      dropHeapRecords(k, pid);
      emptySpace(k, mmOf(k, pid));
    }
    k.regions.splice(0, k.regions.length);
    k.machine.realMode[0] = on ? 1 : 0;
    if (on) touchAllBlocks(k);
    if (on) writeVectors(k);
    else forgetContent(k, k.machine.zeroFrame[0]!);
    for (const pid of living) startOver(k, pid);
  });
}

function emptySpace(k: KernelState, mm: MmId): void {
  unmapAll(k, mm);
  forgetSpace(k, mm);
  freeTopTable(k, mm);
  k.mms.brk[mm] = k.mms.startBrk[mm]!;
  k.mms.defFlags[mm] = 0;
}

function startOver(k: KernelState, pid: Pid): void {
  const mm = mmOf(k, pid);
  k.events.currentPid = pid;
  const parts = load(k, mm);
  if (parts === null) return endTask(k, pid, SIGNAL.SIGKILL);
  if (regionPage(k, 'text') === null && parts.length > 0) k.regions.push(...parts);
  else setTaskRegions(k, pid, parts);
}

/** @returns the program's parts, none of them for the bare process; null when there is no room */
function load(k: KernelState, mm: MmId): Region[] | null {
  if (!isReal(k) && !makeTopTable(k, mm)) return null;
  if (k.image === 'bare') {
    if (!isReal(k)) k.regions.push({ name: 'heap', page: k.mms.startBrk[mm]! / PAGE_SIZE });
    return [];
  }
  const file = fileNamed(k, PROGRAM_FILE) ?? makeImage(k, PROGRAM_FILE, IMAGE);
  return isReal(k) ? loadFlatProgram(k, mm, file) : mapProgram(k, mm, file);
}

/** The lowest kilobyte holds the processor's interrupt vectors, as on every PC in real mode. */
function writeVectors(k: KernelState): void {
  const { count, bytes } = VECTORS;
  for (let i = 0; i < count * bytes.length; i++) storeByte(k, 0, i, bytes[i % bytes.length]!);
}

/**
 * Where mmap maps a name on a machine without page tables: at the lowest free frames in a row; the name follows. Where
 * there are none, at the kernel's own, which is refused.
 * @returns bytes
 */
export function placeFlat(k: KernelState, name: string, pages: number): number {
  const known = regionPage(k, name, k.events.currentPid);
  const isMapped = known !== null && taskNumbers(k).some((pid) => hasArea(k, pid, known));
  if (isMapped) return known * PAGE_SIZE;
  const page = freeRun(k, pages) ?? 0;
  const at = k.regions.findIndex((region) => region.name === name);
  if (at < 0) k.regions.push({ name, page });
  else k.regions[at] = { name, page };
  return page * PAGE_SIZE;
}

const hasArea = (k: KernelState, pid: Pid, page: number): boolean =>
  hasMemory(k, pid) && vmaOf(k, mmOf(k, pid), page) >= 0;

/** Calls that do not exist without page tables. Source: Linux 6.18 kernel/sys_ni.c, mmu depending. */
const ABSENT: ReadonlySet<string> = new Set<TaskOperation['op']>([
  'mprotect', 'mlock', 'mlock2', 'munlock', 'mlockall', 'munlockall', 'mincore', 'madvise', 'msync',
]); // prettier-ignore

export const isAbsent = (k: KernelState, op: string): boolean => isReal(k) && ABSENT.has(op);
