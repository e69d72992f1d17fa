import { FRAME, PTE, VM } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import type { EntryId, MmId, Pid, TableId, VmaId } from '../base/units.ts';
import { CHARGED } from '../mm/object.ts';
import { ENTRIES } from '../mm/page-entry.ts';
import { tableBelow } from '../mm/page-table.ts';
import { namesFrame } from '../mm/swap-entry.ts';
import { vmaAt, vmaCount, vmaOf } from '../mm/vma-list.ts';
import { mmOf, taskNumbers } from '../proc/task.ts';
import { checkBlocks } from './check-blocks.ts';
import { checkHuge } from './check-huge.ts';
import { checkHugePool } from './check-huge-pool.ts';
import { checkReal } from './check-real.ts';
import { checkTlb } from './check-tlb.ts';
import { checkLru } from './check-lru.ts';
import { checkSwap } from './check-swap.ts';
import { checkPageCache } from './check-page-cache.ts';
import { checkAllocators, checkHeapRecords } from './heap/check-records.ts';
import type { KernelState } from './state.ts';

/** A rule that does not hold, with its number. */
export interface Violation {
  readonly rule: string;
  readonly text: string;
}

/**
 * Recomputes from scratch what the kernel keeps incrementally. Slow; run after every command in tests.
 *
 * INV-01 a frame's references are its page table entries plus the cache's one
 * INV-02 the reverse map and the page tables name each other
 * INV-03 every frame is in exactly one place: free lists, kernel, tables, cache or mapped
 * INV-04 rss by kind is the number of entries on frames of that kind
 * INV-05 Committed_AS is the sum of all charged areas and objects
 * INV-06 a writable entry of a private area is on a frame that nobody else maps
 * INV-07 areas are sorted, do not overlap, are not empty
 * INV-08 an entry that is not empty lies in an area
 * INV-09 free blocks are aligned, joined with their buddies, and counted
 * INV-10 a page table's count of used entries is right, and its frame belongs to it
 * INV-11 total_vm and data_vm are the sums of the areas plus what is hidden
 * INV-12 locked_vm is the sum of the locked areas, what is hidden, and what lost its lock to MREMAP_DONTUNMAP
 * INV-13 the TLB agrees with the page tables: frame, permission, accessed and dirty bits
 * INV-14 … INV-17 swap: see check-swap.ts
 *
 * Of files, INV-20 to INV-23: see check-page-cache.ts
 * INV-18 every frame that holds a page is on the list it belongs to: see check-lru.ts
 * INV-26 a device's memory lies behind RAM, in areas marked for it, on no list, with a reference for each entry
 * INV-25 the machine without page tables: see check-real.ts
 * INV-27 what is remembered of heaps can be found: see heap/check-records.ts
 * INV-24 a huge entry is what its 512 single ones say: alike, and on frames in a row
 * INV-30 blocks of frames that nobody touched: see check-blocks.ts
 * INV-31 allocators of tasks: see heap/check-records.ts
 * INV-32 … INV-34 the pool of huge pages: see check-huge-pool.ts
 */
export function checkInvariants(k: KernelState): Violation[] {
  const found: Violation[] = [];
  const report = (rule: string, text: string): void => {
    found.push({ rule, text });
  };
  checkFrames(k, report);
  checkBuddy(k, report);
  for (const pid of taskNumbers(k)) checkSpace(k, pid, report);
  checkTables(k, report);
  checkCommit(k, report);
  checkTlb(k, report);
  checkSwap(k, report);
  checkPageCache(k, report);
  checkLru(k, report);
  checkHuge(k, report);
  checkHugePool(k, report);
  checkBlocks(k, report);
  checkReal(k, report);
  checkHeapRecords(k, report);
  checkAllocators(k, report);
  return found;
}

export type Report = (rule: string, text: string) => void;

/** Kinds of frames that somebody holds who has no entry: the kernel, a table's parent, the pool of huge pages. */
const OWN: ReadonlySet<number> = new Set([FRAME.KERNEL, FRAME.ZERO, FRAME.TABLE, FRAME.HUGETLB]);

function checkFrames(k: KernelState, report: Report): void {
  const { frames, machine } = k;
  const { rmapNext, words } = k.tables;
  let free = 0;
  for (let frame = 0; frame < machine.totalFrames[0]!; frame++) {
    const kind = frames.kind[frame]!;
    let entries = 0;
    for (let entry = frames.rmap[frame]!; entry >= 0; entry = rmapNext[entry]!, entries++) {
      if (words[entry * 2]! >>> 12 !== frame) report('INV-02', `frame ${frame}: entry ${entry} names another frame`);
    }
    if (entries !== frames.mapcount[frame])
      report('INV-02', `frame ${frame}: mapcount ${frames.mapcount[frame]}, entries ${entries}`);
    const cached = kind === FRAME.SHMEM || kind === FRAME.FILE ? 1 : 0;
    const swapCached = frames.slot[frame]! >= 0 ? 1 : 0;
    const own = OWN.has(kind) ? 1 : 0;
    const expected = entries + cached + swapCached + own;
    if (kind !== FRAME.FLAT && frames.refcount[frame] !== expected)
      report('INV-01', `frame ${frame}: refcount ${frames.refcount[frame]}, expected ${expected}`);
    if (kind === FRAME.FREE) free++;
    if (kind === FRAME.ANON && entries === 0 && swapCached === 0)
      report('INV-03', `frame ${frame}: anonymous, but nobody maps it`);
    if (cached === 1 && frames.object[frame]! < 0) report('INV-03', `frame ${frame}: in no cache`);
    if (kind === FRAME.TABLE && k.tables.frame[frames.content[frame]!] !== frame)
      report('INV-10', `frame ${frame}: its table is elsewhere`);
  }
  if (free !== machine.freeFrames[0]) report('INV-03', `${free} free frames, counted ${machine.freeFrames[0]}`);
}

function checkBuddy(k: KernelState, report: Report): void {
  const { frames, freeArea, machine } = k;
  let inLists = 0;
  for (let order = 0; order < freeArea.rows; order++) {
    let blocks = 0;
    for (let frame = freeArea.first[order]!; frame >= 0; frame = frames.next[frame]!) {
      blocks++;
      inLists += 2 ** order;
      if (frame % 2 ** order !== 0) report('INV-09', `free block ${frame} is not aligned to order ${order}`);
      if (frames.head[frame] !== 1 || frames.order[frame] !== order)
        report('INV-09', `free block ${frame} is marked wrong`);
      for (let i = 0; i < 2 ** order; i++)
        if (frames.kind[frame + i] !== FRAME.FREE) report('INV-09', `frame ${frame + i} in a free block is in use`);
      const buddy = frame ^ (1 << order);
      const joinable = order < freeArea.rows - 1 && buddy + 2 ** order <= machine.totalFrames[0]!;
      if (joinable && frames.head[buddy] === 1 && frames.order[buddy] === order)
        report('INV-09', `blocks ${frame} and ${buddy} should be one`);
      if (blocks > machine.totalFrames[0]!) return report('INV-09', `free list ${order} is a circle`);
    }
    if (blocks !== freeArea.count[order])
      report('INV-09', `free list ${order}: ${blocks} blocks, counted ${freeArea.count[order]}`);
  }
  if (k.freedLately.length + k.mlockBatch.length > 0)
    report('INV-09', 'a frame still waits in a list of the processor');
  if (inLists !== machine.freeFrames[0])
    report('INV-09', `${inLists} frames in free lists, counted ${machine.freeFrames[0]}`);
}

function checkSpace(k: KernelState, pid: Pid, report: Report): void {
  const mm = mmOf(k, pid);
  // a zombie has none
  if (mm < 0) return;
  const { vmas, mms } = k;
  let end = 0;
  let total = mms.hiddenPages[mm]!;
  let data = mms.hiddenData[mm]!;
  let locked = mms.hiddenLocked[mm]! + mms.lockedStale[mm]!;
  for (let i = 0; i < vmaCount(k, mm); i++) {
    const vma = vmaAt(k, mm, i);
    if (vmas.start[vma]! < end || vmas.start[vma]! >= vmas.end[vma]!)
      report('INV-07', `p${pid}: area ${i} is out of order`);
    if (vmas.mm[vma] !== mm) report('INV-07', `p${pid}: area ${i} belongs to another`);
    end = vmas.end[vma]!;
    const pages = vmas.end[vma]! - vmas.start[vma]!;
    total += pages;
    const flags = vmas.flags[vma]!;
    if ((flags & (VM.WRITE | VM.SHARED | VM.GROWSDOWN)) === VM.WRITE) data += pages;
    if ((flags & VM.LOCKED) !== 0) locked += pages;
  }
  if (data !== mms.dataVm[mm]) report('INV-11', `p${pid}: data_vm ${mms.dataVm[mm]}, areas ${data}`);
  if (locked !== mms.lockedVm[mm]) report('INV-12', `p${pid}: locked_vm ${mms.lockedVm[mm]}, areas ${locked}`);
  if (total !== mms.totalVm[mm]) report('INV-11', `p${pid}: total_vm ${mms.totalVm[mm]}, areas ${total}`);
}

/** Entries of one address space by the kind of their frames, and its tables. Pages. */
interface Mapped {
  anon: number;
  file: number;
  shmem: number;
  hugetlb: number;
  tables: number;
}

function checkTables(k: KernelState, report: Report): void {
  const { tables, frames } = k;
  const sums = new Map<MmId, Mapped>();
  for (let table = 0; table < tables.rows; table++) {
    if (!isLive(tables, table)) continue;
    const mm = tables.mm[table]! as MmId;
    const sum = sums.get(mm) ?? { anon: 0, file: 0, shmem: 0, hugetlb: 0, tables: 0 };
    sums.set(mm, sum);
    sum.tables++;
    const leaf = tables.level[table] === 1;
    const used = leaf ? checkLeaf(k, table as TableId, sum, report) : checkAbove(k, table as TableId, report);
    if (used !== tables.used[table])
      report('INV-10', `table ${table}: ${used} used entries, counted ${tables.used[table]}`);
    if (frames.kind[tables.frame[table]!] !== FRAME.TABLE)
      report('INV-10', `table ${table}: its frame is not a table's`);
  }
  for (const [mm, sum] of sums) checkCounts(k, mm, sum, report);
}

function checkCounts(k: KernelState, mm: MmId, sum: Mapped, report: Report): void {
  const { mms } = k;
  if (sum.anon !== mms.rssAnon[mm] || sum.file !== mms.rssFile[mm] || sum.shmem !== mms.rssShmem[mm])
    report(
      'INV-04',
      `p${mms.pid[mm]}: rss ${mms.rssAnon[mm]}/${mms.rssFile[mm]}/${mms.rssShmem[mm]}, entries ${sum.anon}/${sum.file}/${sum.shmem}`,
    );
  if (sum.hugetlb !== mms.hugetlb[mm])
    report('INV-04', `p${mms.pid[mm]}: ${sum.hugetlb} pages of the pool, counted ${mms.hugetlb[mm]}`);
  if (sum.tables !== mms.tables[mm])
    report('INV-10', `p${mms.pid[mm]}: ${sum.tables} tables, counted ${mms.tables[mm]}`);
}

/** A table above level 1. @returns its entries in use */
function checkAbove(k: KernelState, table: TableId, report: Report): number {
  const { words, parent } = k.tables;
  const first = table * ENTRIES;
  let used = 0;
  for (let entry = first; entry < first + ENTRIES; entry++) {
    if (words[entry * 2] === 0) continue;
    used++;
    if (parent[tableBelow(k, entry as EntryId)] !== entry)
      report('INV-10', `table entry ${entry}: the table below has another parent`);
  }
  return used;
}

/** A table of level 1, whose pages ascend: the area is looked up where the last one ends. @returns its entries in use */
function checkLeaf(k: KernelState, table: TableId, sum: Mapped, report: Report): number {
  const { words } = k.tables;
  const mm = k.tables.mm[table]! as MmId;
  const first = table * ENTRIES;
  const base = k.tables.base[table]!;
  let used = 0;
  let vma = -1 as VmaId;
  let end = -1;
  for (let i = 0; i < ENTRIES; i++) {
    const low = words[(first + i) * 2]!;
    if (low === 0) continue;
    used++;
    if (base + i >= end) {
      vma = vmaOf(k, mm, base + i);
      end = vma < 0 ? -1 : k.vmas.end[vma]!;
    }
    if (vma < 0) report('INV-08', `page ${(base + i).toString(16)} of p${k.mms.pid[mm]} is mapped outside any area`);
    else if (namesFrame(low)) checkEntry(k, base + i, vma, low, sum, report);
  }
  return used;
}

function checkEntry(k: KernelState, page: number, vma: VmaId, low: number, sum: Mapped, report: Report): void {
  const frame = low >>> 12;
  const kind = k.frames.kind[frame]!;
  if (kind === FRAME.ANON) sum.anon++;
  else if (kind === FRAME.FILE) sum.file++;
  else if (kind === FRAME.SHMEM) sum.shmem++;
  else if (kind === FRAME.HUGETLB) sum.hugetlb++;
  else if (kind === FRAME.DEVICE) checkDevicePage(k, vma, frame, report);
  else report('INV-03', `page ${page.toString(16)} maps frame ${frame}, which holds no page`);
  const privateArea = (k.vmas.flags[vma]! & VM.SHARED) === 0;
  if (privateArea && (low & PTE.RW) !== 0 && !k.rules.cowNeverCopies && k.frames.mapcount[frame]! > 1)
    report('INV-06', `page ${page.toString(16)} may write to frame ${frame}, which is shared`);
}

/** INV-26 */
function checkDevicePage(k: KernelState, vma: VmaId, frame: number, report: Report): void {
  const special = (k.vmas.flags[vma]! & VM.PFNMAP) !== 0;
  if (!special || frame < k.machine.totalFrames[0]!) report('INV-26', `frame ${frame} is no device’s to map`);
  if (k.frames.lru[frame] !== 0 || k.frames.refcount[frame] !== k.frames.mapcount[frame]! + 1)
    report('INV-26', `frame ${frame} of a device: on a list, or refcount ${k.frames.refcount[frame]}`);
}

function checkCommit(k: KernelState, report: Report): void {
  if (k.rules.promiseCountsNothing) return;
  let charged = k.machine.strayCharge[0]!;
  for (let vma = 0; vma < k.vmas.rows; vma++) {
    if (isLive(k.vmas, vma) && (k.vmas.flags[vma]! & VM.ACCOUNT) !== 0)
      charged += k.vmas.end[vma]! - k.vmas.start[vma]!;
  }
  for (let object = 0; object < k.objects.rows; object++) {
    if (!isLive(k.objects, object)) continue;
    if (k.objects.charged[object] === CHARGED.WHOLE) charged += k.objects.pages[object]!;
    if (k.objects.charged[object] === CHARGED.BY_PAGE)
      charged += k.objects.cached[object]! + k.objects.swapped[object]!;
  }
  if (charged !== k.machine.committed[0])
    report('INV-05', `Committed_AS ${k.machine.committed[0]}, charged areas ${charged}`);
}
