import { assert } from '../base/assert.ts';
import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import { PAGE_SIZE, type EntryId, type MmId, type Pfn, type Pid, type VmaId } from '../base/units.ts';
import { commitLimit } from '../mm/commit.ts';
import { touchedRuns } from '../mm/frame-blocks.ts';
import { peekByte } from '../mm/frame-bytes.ts';
import { entryId, findEntry, forEachTable, frameOfLow, highWord, lowWord, tableOfEntry } from '../mm/page-table.ts';
import { hugePagesIn } from '../mm/huge-entry.ts';
import { isHuge } from '../mm/page-entry.ts';
import { pageStateName, stateOfLow } from '../mm/page-state.ts';
import { swappedObjectPages } from '../mm/object-slots.ts';
import { entriesOf } from '../mm/rmap.ts';
import { namesFrame, slotOfEntry } from '../mm/swap-entry.ts';
import { isAnonymous, permsText, vmaPages } from '../mm/vma.ts';
import { vmaAt, vmaCount, vmaOf } from '../mm/vma-list.ts';
import { hasMemory, mmOf, taskNumbers, taskState } from '../proc/task.ts';
import { oomScore } from '../proc/oom-score.ts';
import { panicOf } from '../proc/oom-state.ts';
import type { FrameUse, FrameView, MachineView, PageView, TaskView, VmaView } from '../protocol/views.ts';
import { regionOfPage } from './regions.ts';
import { isReal } from '../mm/real-mode.ts';
import { flatSharers, flatSharing, peekFlatPage } from './real-view.ts';
import { sharersOfEntries, slotOfFrame, slotOfSharedPage, slotView, swapView } from './swap-view.ts';
import { hex } from './walk.ts';
import { peekTlbShape, tlbCounters } from './tlb-view.ts';
import type { KernelState } from './state.ts';

export { pageLabel, regionNames, regionOfPage, regionPage } from './regions.ts';
export { flatSharers } from './real-view.ts';
export { stallsBetween } from './stalls.ts';
export { peekTables } from './tables-view.ts';
export { peekTlbSet } from './tlb-view.ts';
export { peekTlb, peekWalk } from './walk.ts';
export { unknownName, whyNot } from './why-not.ts';

/** Reading the state. A peek never touches: no fault, no accessed bit, no event; a test compares the bytes. */

const FRAME_USES: readonly FrameUse[] = [
  'free',
  'kernel',
  'zero',
  'table',
  'anon',
  'shmem',
  'file',
  'flat',
  'device',
  'hugetlb',
];

/** @returns null when there is no such task */
export function peekTask(k: KernelState, pid: number): TaskView | null {
  if (!hasMemory(k, pid)) return null;
  const { mms, tasks } = k;
  const mm = mmOf(k, pid as Pid);
  const sharing = sharingOf(k, mm);
  let vsz = 0;
  let commit = 0;
  let locked = 0;
  let sharedSwap = 0;
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    vsz += vmaPages(k, vma);
    sharedSwap += swappedObjectPages(k, vma);
    if ((k.vmas.flags[vma]! & VM.ACCOUNT) !== 0) commit += vmaPages(k, vma);
    if ((k.vmas.flags[vma]! & VM.LOCKED) !== 0) locked += vmaPages(k, vma);
  }
  return {
    pid,
    parent: tasks.parent[pid]!,
    name: `p${pid}`,
    state: taskState(k, pid as Pid),
    rss: mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]!,
    anon: mms.rssAnon[mm]!,
    file: mms.rssFile[mm]!,
    shmem: mms.rssShmem[mm]!,
    sharing,
    pss: sharing.reduce((sum, { sharers, pages }) => sum + pages / sharers, 0),
    uss: sharing.find(({ sharers }) => sharers === 1)?.pages ?? 0,
    vsz,
    swap: mms.swapEntries[mm]! + sharedSwap,
    locked,
    commit,
    pageTables: mms.tables[mm]!,
    minflt: tasks.minflt[pid]!,
    majflt: tasks.majflt[pid]!,
    timeNs: tasks.timeNs[pid]!,
    stallNs: tasks.stallNs[pid]!,
    tlb: tlbCounters(mms, mm),
    uid: tasks.uid[pid]!,
    oomScore: oomScore(k, pid as Pid),
    oomScoreAdj: tasks.oomScoreAdj[pid]!,
    hugePages: hugePagesIn(k, mm, 0, Infinity),
    breakPages: (mms.brk[mm]! - mms.startBrk[mm]!) / PAGE_SIZE,
  };
}

/** Resident pages by number of sharers, ascending. */
function sharingOf(k: KernelState, mm: MmId): { sharers: number; pages: number }[] {
  const counts = isReal(k) ? flatSharing(k, mm) : new Map<number, number>();
  forEachMappedEntry(k, mm, (_page, low) => {
    const sharers = k.frames.mapcount[frameOfLow(low)]!;
    counts.set(sharers, (counts.get(sharers) ?? 0) + 1);
  });
  return [...counts].sort(([a], [b]) => a - b).map(([sharers, pages]) => ({ sharers, pages }));
}

/** A device's memory is no RAM, and huge pages of the pool are counted apart. Source: Linux mm/memory.c vm_normal_page, mm/rmap.c. */
const countsAsResident = (kind: number): boolean => kind !== FRAME.DEVICE && kind !== FRAME.HUGETLB;

/** Calls `visit` for every entry on a frame that is part of RSS, from low to high addresses. */
export function forEachMappedEntry(k: KernelState, mm: MmId, visit: (page: number, low: number) => void): void {
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    forEachTable(k, mm, k.vmas.start[vma]!, k.vmas.end[vma]!, (table, from, to) => {
      for (let page = from; page < to; page++) {
        const low = lowWord(k, entryId(table, page % 512));
        if (namesFrame(low) && countsAsResident(k.frames.kind[frameOfLow(low)]!)) visit(page, low);
      }
    });
  }
}

/** VMAs from low to high addresses. */
export function peekVmas(k: KernelState, pid: number): VmaView[] {
  if (!hasMemory(k, pid)) return [];
  const mm = mmOf(k, pid as Pid);
  const views: VmaView[] = [];
  for (let i = 0; i < vmaCount(k, mm); i++) views.push(vmaView(k, vmaAt(k, mm, i)));
  return views;
}

const BACKINGS: Readonly<Record<number, VmaView['backing']>> = { [FRAME.SHMEM]: 'shmem', [FRAME.FILE]: 'file', [FRAME.DEVICE]: 'device', [FRAME.HUGETLB]: 'hugetlb' }; // prettier-ignore

function vmaView(k: KernelState, vma: VmaId): VmaView {
  const { vmas } = k;
  const start = vmas.start[vma]!;
  const flags = vmas.flags[vma]!;
  const found = regionOfPage(k, start, k.mms.pid[vmas.mm[vma]!]!);
  const kind = isAnonymous(k, vma) ? 'anon' : BACKINGS[k.objects.kind[vmas.object[vma]!]!]!;
  return {
    id: vma,
    start,
    end: vmas.end[vma]!,
    perms: permsText(flags),
    flags: [
      ...((flags & VM.LOCKED) !== 0 ? ['lo'] : []),
      ...((flags & VM.NORESERVE) !== 0 ? ['nr'] : []),
      ...((flags & VM.DONTCOPY) !== 0 ? ['dc'] : []),
      ...((flags & VM.WIPEONFORK) !== 0 ? ['wf'] : []),
      ...((flags & VM.NOHUGEPAGE) !== 0 ? ['nh'] : []),
      ...((flags & VM.MERGEABLE) !== 0 ? ['mg'] : []),
      ...((flags & VM.LOCKONFAULT) !== 0 ? ['lf'] : []),
    ],
    region: found?.region.name ?? '',
    regionOffset: found?.offset ?? 0,
    backing: kind,
  };
}

export function peekPage(k: KernelState, pid: number, page: number): PageView {
  const absent = {
    pid,
    page,
    frame: -1,
    sharers: 0,
    slot: null,
    writable: false,
    accessed: false,
    dirty: false,
    huge: false,
  };
  const flat = peekFlatPage(k, pid, page);
  if (flat !== null) return flat;
  if (!hasMemory(k, pid) || page < 0) return { ...absent, state: 'unmapped', entry: null };
  const mm = mmOf(k, pid as Pid);
  const mapped = vmaOf(k, mm, page) >= 0;
  const entry = mapped ? findEntry(k, mm, page) : (-1 as EntryId);
  const low = entry < 0 ? 0 : lowWord(k, entry);
  const text = entry < 0 ? null : hex(highWord(k, entry)) + hex(low);
  if (low === 0 && !mapped) return { ...absent, state: 'unmapped', entry: text };
  if (low === 0)
    return { ...absent, state: 'reserved', slot: slotOfSharedPage(k, vmaOf(k, mm, page), page), entry: text };
  const state = pageStateName(stateOfLow(low)) as PageView['state'];
  if (state === 'guard') return { ...absent, state, entry: text };
  if (state === 'swapped') return { ...absent, state, slot: slotView(k, slotOfEntry(k, entry)), entry: text };
  const huge = isHuge(k, tableOfEntry(entry));
  if (state === 'zero') return { ...absent, state, accessed: (low & PTE.ACCESSED) !== 0, huge, entry: text };
  return {
    pid,
    page,
    state: k.frames.kind[frameOfLow(low)] === FRAME.DEVICE ? 'device' : state,
    frame: frameOfLow(low),
    sharers: k.frames.mapcount[frameOfLow(low)]!,
    slot: slotOfFrame(k, frameOfLow(low)),
    writable: (low & PTE.RW) !== 0,
    accessed: (low & PTE.ACCESSED) !== 0,
    dirty: (low & PTE.DIRTY) !== 0,
    huge,
    entry: text,
  };
}

export function peekFrame(k: KernelState, frame: number): FrameView {
  assert(frame >= 0 && frame < k.frames.rows, `frame ${frame} exists`);
  const { frames, tables } = k;
  const use = FRAME_USES[frames.kind[frame]!]!;
  const table = use === 'table' ? frames.content[frame]! : -1;
  return {
    frame,
    use,
    refcount: frames.refcount[frame]!,
    mapcount: frames.mapcount[frame]!,
    sharers: use === 'flat' ? flatSharers(k, frame) : sharersOfEntries(k, entriesOf(k, frame as Pfn)),
    index: use === 'shmem' || use === 'file' ? frames.index[frame]! : table >= 0 ? tables.level[table]! : -1,
    owner: table >= 0 ? k.mms.pid[tables.mm[table]!]! : -1,
    exclusive: (frames.flags[frame]! & PG.ANON_EXCLUSIVE) !== 0,
    slot: slotOfFrame(k, frame),
    event: frames.event[frame]!,
  };
}

/** Changes whenever the frame is allocated anew, so that a number used again can be told from before. */
export const peekFrameSerial = (k: KernelState, frame: number): number => k.frames.serial[frame]!;

export const frameUse = (k: KernelState, frame: number): FrameUse => FRAME_USES[k.frames.kind[frame]!]!;

export function peekMachine(k: KernelState): MachineView {
  const { machine, frames } = k;
  const counts = new Uint32Array(FRAME_USES.length);
  for (const [from, to] of touchedRuns(k)) {
    for (let frame = from; frame < to; frame++) counts[frames.kind[frame]!]!++;
  }
  const total = machine.totalFrames[0]!;
  const free = machine.freeFrames[0]!;
  return {
    frames: {
      total,
      free,
      used: total - free,
      kernel: counts[FRAME.KERNEL]! + counts[FRAME.ZERO]!,
      tables: counts[FRAME.TABLE]!,
      anon: counts[FRAME.ANON]!,
      shmem: counts[FRAME.SHMEM]!,
      file: counts[FRAME.FILE]!,
      flat: counts[FRAME.FLAT]!,
    },
    swap: swapView(k),
    committed: machine.committed[0]!,
    commitLimit: commitLimit(k),
    overcommit: machine.overcommit[0]! as 0 | 1 | 2,
    timeNs: machine.timeNs[0]!,
    copies: machine.copies[0]!,
    tlb: { ...tlbCounters(machine, 0), ...peekTlbShape(k) },
    tasks: taskNumbers(k),
    oomKills: machine.oomKills[0]!,
    panic: panicOf(k),
    real: isReal(k),
  };
}

/** Bytes of a frame. */
export function peekFrameBytes(k: KernelState, frame: number, offset: number, length: number): number[] {
  return Array.from({ length }, (_, i) => peekByte(k, frame, offset + i));
}

/** Bytes at a virtual address; null where nothing is resident. The zero page reads as zeros. */
export function peekBytes(k: KernelState, pid: number, address: number, length: number): (number | null)[] {
  return Array.from({ length }, (_, i) => {
    const page = Math.floor((address + i) / PAGE_SIZE);
    const view = peekPage(k, pid, page);
    if (view.state === 'zero') return 0;
    if (view.frame < 0) return null;
    return peekByte(k, view.frame, address + i - page * PAGE_SIZE);
  });
}
