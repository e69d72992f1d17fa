import { CONTENT_MARK_SPEC } from './content-marks.ts';
import type { EventLog } from '../base/event-log.ts';
import { makeEventLog } from '../base/event-log.ts';
import type { FrameKind } from '../base/flags.ts';
import { reservedFrames } from '../base/limits.ts';
import { extendRows, makeTable, type Table } from '../base/table.ts';
import type { EventId, MmId, Pfn } from '../base/units.ts';
import { blocksOf, FRAME_BLOCK_SPEC, makeFramesBlank } from './frame-blocks.ts';
import { COST_NAMES, COST_SPEC, COSTS, type PriceRow } from './costs.ts';
import { SHADOW_BUCKETS, SHADOW_SPEC } from './file-shadow.ts';
import { HUGE_POOL_SPEC, HUGE_PROMISE_SPEC } from './huge-pool.ts';
import { TLB_SPEC, type TlbTable } from './tlb.ts';
import type { PendingFlush } from './tlb-flush.ts';
import {
  FRAME_SPEC,
  TABLE_SPEC,
  VMA_SPEC,
  MM_SPEC,
  OBJECT_SPEC,
  DISK_SPEC,
  SWAP_DEVICE_SPEC,
  SWAP_SLOT_SPEC,
  type FrameTable,
  type PageTables,
  type VmaTable,
  type MmTable,
  type ObjectTable,
  type SwapDeviceTable,
  type SwapSlotTable,
} from './table-specs.ts';
import { MACHINE_SPEC, type MachineRow } from './machine-spec.ts';
import { type TestRules, NO_RULES_OFF } from './test-rules.ts';

const DISK_BUCKETS = 256;

/** What a frame is wanted for: its use, and whether zeros or a copy go in. */
export interface AllocationFor {
  readonly kind: FrameKind;
  readonly zeroed: boolean;
}

/** The part of the kernel's state that memory management owns. */
export interface MemoryState {
  readonly frames: FrameTable;
  /** Which frames were never touched; see frame-blocks.ts. */
  readonly frameBlocks: Table<typeof FRAME_BLOCK_SPEC>;
  readonly tables: PageTables;
  readonly vmas: VmaTable;
  /** Sorted lists of VmaIds, one vector per address space; see vma-list.ts. */
  readonly vmaLists: Table<{ readonly id: 'i32' }>;
  /** First free vector of each capacity 2^n, −1 none. */
  readonly vmaListFree: Table<{ readonly first: 'i32' }>;
  readonly mms: MmTable;
  readonly objects: ObjectTable;
  /** Buddy free lists by order: first frame or −1, and the number of blocks. */
  readonly freeArea: Table<{ readonly first: 'i32'; readonly count: 'u32' }>;
  /** Buckets of the page cache: first frame or −1. */
  readonly cacheHash: Table<{ readonly first: 'i32' }>;
  /** Lists of frames by use, in the order of LRU. */
  readonly lruLists: Table<{ readonly first: 'i32'; readonly last: 'i32'; readonly count: 'u32' }>;
  readonly swapDevices: SwapDeviceTable;
  readonly swapSlots: SwapSlotTable;
  /** Buckets of (object, page) → slot: first slot or −1. */
  readonly swapHash: Table<{ readonly first: 'i32' }>;
  readonly disk: Table<typeof DISK_SPEC>;
  /** Buckets of the disk: first row or −1. */
  readonly diskHash: Table<{ readonly first: 'i32' }>;
  /** Pages of files that reclaim took; see file-shadow.ts. */
  readonly shadows: Table<typeof SHADOW_SPEC>;
  /** Buckets of the shadows: first row or −1. */
  readonly shadowHash: Table<{ readonly first: 'i32' }>;
  /** Page contents, 4,096 bytes a row; see frame-bytes.ts. */
  readonly contents: Table<{ readonly bytes: readonly ['u8', 4096] }>;
  /** Marks on their bytes; see content-marks.ts. */
  readonly contentMarks: Table<typeof CONTENT_MARK_SPEC>;
  /** Huge pages that are set aside; see huge-pool.ts. */
  readonly hugePool: Table<typeof HUGE_POOL_SPEC>;
  /** Of them, what mappings were promised. */
  readonly hugePromises: Table<typeof HUGE_PROMISE_SPEC>;
  readonly machine: MachineRow;
  /** The processor's translations; see tlb.ts. */
  readonly tlb: TlbTable;
  /** What is not forgotten yet; empty between commands. */
  readonly pendingFlushes: PendingFlush[];
  /** Frames that became free in this command, the last one taken first; empty between commands. See page-alloc.ts. */
  readonly freedLately: Pfn[];
  /** Frames that wait in the batch of mlock-batch.ts; empty between commands. */
  readonly mlockBatch: Pfn[];
  /** Prices in virtual ns; see costs.ts. */
  readonly costs: Table<typeof COST_SPEC>;
  readonly events: EventLog;
  readonly rules: TestRules;
  /** Tests let the n-th allocation from now on find nothing; 0 in every real machine. */
  failAllocation: number;
  /**
   * No frame is free. The owner of the tasks makes room by killing one.
   * @returns false when the task that asks has to give up: it is the one to die, when its operation has ended, or
   * nothing can be killed
   */
  outOfMemory: (wanted: AllocationFor) => boolean;
  /** Too few frames are free for the allocation of this kind that goes on. @returns whether some became free; see vmscan.ts */
  reclaimDirectly: (kind: FrameKind) => boolean;
  /** A fault of this address space was served. */
  countFault: (mm: MmId, major: boolean, fault: EventId) => void;
  /** Virtual time passes for the task that runs: `times` of one price. */
  pay: (price: PriceRow, times: number) => void;
}

/** A table whose rows all exist from the start. */
function fixed<const S extends Parameters<typeof makeTable>[1]>(name: string, spec: S, rows: number): Table<S> {
  const table = makeTable(name, spec, rows);
  extendRows(table, rows);
  return table;
}

/** A bucket a frame; at most so many that saving them costs nothing. */
const cacheBuckets = (frames: number): number => 2 ** Math.min(16, Math.max(4, Math.ceil(Math.log2(frames))));

/** Shared memory that is swapped out is found through this many buckets. */
const SWAP_BUCKETS = 1024;

/** An empty machine: every frame is the kernel's until page-alloc hands the rest over. */
export function makeMemoryState(totalFrames: number, rules: Partial<TestRules> = {}): MemoryState {
  const state: MemoryState = {
    frames: fixed('frames', FRAME_SPEC, totalFrames),
    frameBlocks: fixed('frameBlocks', FRAME_BLOCK_SPEC, blocksOf(totalFrames)),
    tables: makeTable('tables', TABLE_SPEC, 16),
    vmas: makeTable('vmas', VMA_SPEC, 32),
    vmaLists: makeTable('vmaLists', { id: 'i32' }, 64),
    vmaListFree: fixed('vmaListFree', { first: 'i32' }, 20),
    mms: makeTable('mms', MM_SPEC, 8),
    objects: makeTable('objects', OBJECT_SPEC, 8),
    freeArea: fixed('freeArea', { first: 'i32', count: 'u32' }, 11),
    cacheHash: fixed('cacheHash', { first: 'i32' }, cacheBuckets(totalFrames)),
    lruLists: fixed('lruLists', { first: 'i32', last: 'i32', count: 'u32' }, 5),
    swapDevices: makeTable('swapDevices', SWAP_DEVICE_SPEC, 1),
    swapSlots: makeTable('swapSlots', SWAP_SLOT_SPEC, 1),
    swapHash: fixed('swapHash', { first: 'i32' }, SWAP_BUCKETS),
    disk: makeTable('disk', DISK_SPEC, 8),
    diskHash: fixed('diskHash', { first: 'i32' }, DISK_BUCKETS),
    shadows: makeTable('shadows', SHADOW_SPEC, 8),
    shadowHash: fixed('shadowHash', { first: 'i32' }, SHADOW_BUCKETS),
    contents: makeTable('contents', { bytes: ['u8', 4096] }, 16),
    contentMarks: makeTable('contentMarks', CONTENT_MARK_SPEC, 1),
    hugePool: makeTable('hugePool', HUGE_POOL_SPEC, 1),
    hugePromises: makeTable('hugePromises', HUGE_PROMISE_SPEC, 1),
    machine: fixed('machine', MACHINE_SPEC, 1),
    tlb: makeTable('tlb', TLB_SPEC, 64),
    pendingFlushes: [],
    freedLately: [],
    mlockBatch: [],
    costs: fixed('costs', COST_SPEC, COST_NAMES.length),
    events: makeEventLog(),
    rules: { ...NO_RULES_OFF, ...rules },
    failAllocation: 0,
    outOfMemory: () => false,
    reclaimDirectly: () => false,
    countFault: () => {},
    pay: () => {},
  };
  const { frames, machine } = state;
  makeFramesBlank(frames);
  state.vmaListFree.first.fill(-1);
  state.freeArea.first.fill(-1);
  state.cacheHash.first.fill(-1);
  state.swapHash.first.fill(-1);
  state.lruLists.first.fill(-1);
  state.lruLists.last.fill(-1);
  machine.writesFirst[0] = -1;
  machine.writesLast[0] = -1;
  state.diskHash.first.fill(-1);
  state.shadowHash.first.fill(-1);
  machine.totalFrames[0] = totalFrames;
  machine.reserved[0] = reservedFrames(totalFrames);
  machine.nextAnonVma[0] = 1;
  machine.nextSerial[0] = 1;
  machine.nextEvent[0] = 1;
  machine.hugeZeroFrame[0] = -1;
  machine.pageUnit[0] = 1;
  COST_NAMES.forEach((name, row) => (state.costs.ns[row] = COSTS[name].ns));
  return state;
}
