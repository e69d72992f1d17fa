import { rewindLog } from '../base/event-log.ts';
import { columnOf, reserveRows, strideOf, type TableCore } from '../base/table.ts';
import type { Region } from '../proc/image.ts';
import { areUntouched, blankFrames, BLOCK_FRAMES } from '../mm/frame-blocks.ts';
import { heapTablesOf } from './heap/tables.ts';
import { programTablesOf } from './program/tables.ts';
import type { KernelState } from './state.ts';

/**
 * The state as bytes: for equality, for a hash, and for keyframes. Only rows that were ever used take part, so spare
 * capacity makes no difference. The event log is no part of it: it is what the steps gave back.
 */

/** All tables, in a fixed order. */
function tablesOf(k: KernelState): TableCore[] {
  return [
    k.machine,
    k.frames,
    k.tables,
    k.vmas,
    k.vmaLists,
    k.vmaListFree,
    k.mms,
    k.objects,
    k.freeArea,
    k.cacheHash,
    k.lruLists,
    k.swapDevices,
    k.swapSlots,
    k.swapHash,
    k.disk,
    k.diskHash,
    k.shadows,
    k.shadowHash,
    k.contents,
    k.contentMarks,
    k.hugePool,
    k.hugePromises,
    k.tasks,
    ...heapTablesOf(k.heapTables),
    ...programTablesOf(k.programs),
    k.tlb,
    k.costs,
    // After the frames: what was touched until now has to be known while they are restored.
    k.frameBlocks,
  ] as unknown as TableCore[];
}

/** One array of a table's used rows, as bytes. */
interface Part {
  /** null: the table's links. */
  readonly column: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rowBytes: number;
}

/** The link column first, then the columns in the order of the spec. */
function partsOf(table: TableCore): Part[] {
  const parts: Part[] = [{ column: null, bytes: new Uint8Array(table.link.buffer, 0, table.rows * 4), rowBytes: 4 }];
  for (const column of Object.keys(table.spec)) {
    const { buffer, BYTES_PER_ELEMENT } = columnOf(table, column);
    const rowBytes = strideOf(table, column) * BYTES_PER_ELEMENT;
    parts.push({ column, bytes: new Uint8Array(buffer, 0, table.rows * rowBytes), rowBytes });
  }
  return parts;
}

/** Frames that were never touched since boot are what boot made them: they need not be saved, compared or hashed. */
const isAsAtBoot = (k: KernelState, table: TableCore, from: number, to: number): boolean =>
  table === (k.frames as unknown as TableCore) && areUntouched(k, from, to);

const headOf = (table: TableCore): readonly [number, number, number] => [table.rows, table.liveRows, table.freeHead];
const regionText = (k: KernelState): Uint8Array => new TextEncoder().encode(JSON.stringify(k.regions));

/** The whole state as one block of bytes: two states are the same when these are. */
export function encodeState(k: KernelState): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const table of tablesOf(k)) {
    parts.push(new Uint8Array(new Int32Array(headOf(table)).buffer), ...partsOf(table).map(({ bytes }) => bytes));
  }
  parts.push(regionText(k));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** 64 bits of the state as 16 hex digits: two runs that print the same digits went the same way. */
export function hashState(k: KernelState): string {
  const hash: Hash = { high: 0x811c9dc5, low: 0x01000193 };
  for (const table of tablesOf(k)) {
    for (const number of headOf(table)) mixWord(hash, number);
    for (const part of partsOf(table)) mixPart(k, table, hash, part);
  }
  mixBytes(hash, regionText(k));
  const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
  return hex(hash.high) + hex(hash.low);
}

interface Hash {
  high: number;
  low: number;
}

const mixWord = (hash: Hash, word: number): void => mixWords(hash, Int32Array.of(word));

/** A round of MurmurHash3's mixing a word, on two lanes, which stay in registers. */
function mixWords(hash: Hash, words: Int32Array | Uint8Array): void {
  let { low, high } = hash;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    low = Math.imul(low ^ word, 0xcc9e2d51);
    low = (low << 15) | (low >>> 17);
    high = Math.imul(high ^ (word + low), 0x1b873593);
    high = (high << 13) | (high >>> 19);
  }
  hash.low = low;
  hash.high = high;
}

/** What boot made is passed over; which frames that are, is part of the state. */
function mixPart(k: KernelState, table: TableCore, hash: Hash, { bytes, rowBytes }: Part): void {
  for (let row = 0; row < table.rows;) {
    const from = row;
    do row = Math.min(row + BLOCK_FRAMES, table.rows);
    while (row < table.rows && !isAsAtBoot(k, table, row, row + 1));
    if (!isAsAtBoot(k, table, from, from + 1)) mixBytes(hash, bytes.subarray(from * rowBytes, row * rowBytes));
  }
}

function mixBytes(hash: Hash, bytes: Uint8Array): void {
  const whole = bytes.length & ~3;
  mixWords(hash, new Int32Array(bytes.buffer, bytes.byteOffset, whole >> 2));
  if (whole < bytes.length) mixWords(hash, bytes.subarray(whole));
  mixWord(hash, bytes.length);
}

/** Bytes that keyframes share when they did not change in between. */
const CHUNK_BYTES = 4096;

/** null: as boot made it. */
type Chunk = Uint8Array<ArrayBuffer> | null;

/** A moment to come back to. Unchanged chunks are the ones of the keyframe before. */
export interface Keyframe {
  readonly tables: readonly {
    readonly head: readonly [number, number, number];
    readonly arrays: readonly (readonly Chunk[])[];
  }[];
  readonly regions: readonly Region[];
}

/** @param previous keyframe to share unchanged chunks with */
export function capture(k: KernelState, previous: Keyframe | null = null): Keyframe {
  const tables = tablesOf(k).map((table, t) => ({
    head: headOf(table),
    arrays: partsOf(table).map((part, a) => chunksOf(k, table, part, previous?.tables[t]?.arrays[a])),
  }));
  return { tables, regions: k.regions.map((region) => ({ ...region })) };
}

function chunksOf(k: KernelState, table: TableCore, part: Part, before: readonly Chunk[] | undefined): Chunk[] {
  const { bytes, rowBytes } = part;
  const words = new Int32Array(bytes.buffer, 0, bytes.length >> 2);
  const chunks: Chunk[] = [];
  for (let at = 0, i = 0; at < bytes.length; at += CHUNK_BYTES, i++) {
    const end = Math.min(at + CHUNK_BYTES, bytes.length);
    const old = before?.[i];
    if (isAsAtBoot(k, table, Math.floor(at / rowBytes), Math.ceil(end / rowBytes))) chunks.push(null);
    else chunks.push(old != null && isSame(old, bytes, words, at, end) ? old : bytes.slice(at, end));
  }
  return chunks;
}

/** Does the chunk hold bytes [at, end)? @param words the same bytes, as words of 32 bits */
function isSame(chunk: Uint8Array, bytes: Uint8Array, words: Int32Array, at: number, end: number): boolean {
  if (chunk.length !== end - at) return false;
  const saved = new Int32Array(chunk.buffer, 0, chunk.length >> 2);
  const first = at >> 2;
  for (let i = 0; i < saved.length; i++) if (saved[i] !== words[first + i]) return false;
  for (let i = saved.length << 2; i < chunk.length; i++) if (chunk[i] !== bytes[at + i]) return false;
  return true;
}

function restorePart(
  k: KernelState,
  table: TableCore,
  { column, bytes, rowBytes }: Part,
  chunks: readonly Chunk[],
): void {
  chunks.forEach((chunk, i) => {
    const at = i * CHUNK_BYTES;
    if (chunk !== null) {
      bytes.set(chunk, at);
      return;
    }
    const [from, to] = [at / rowBytes, Math.min(at + CHUNK_BYTES, bytes.length) / rowBytes];
    if (column !== null && !isAsAtBoot(k, table, from, to)) blankFrames(k, column, from, to);
  });
}

/** The state becomes what it was when the keyframe was taken; later events are forgotten. */
export function restore(k: KernelState, keyframe: Keyframe): void {
  tablesOf(k).forEach((table, t) => {
    const saved = keyframe.tables[t]!;
    const [rows, liveRows, freeHead] = saved.head;
    reserveRows(table, rows);
    table.rows = rows;
    table.fresh = Math.max(table.fresh, rows);
    table.liveRows = liveRows;
    table.freeHead = freeHead;
    partsOf(table).forEach((part, a) => restorePart(k, table, part, saved.arrays[a]!));
  });
  k.regions.splice(0, k.regions.length, ...keyframe.regions.map((region) => ({ ...region })));
  rewindLog(k.events, k.machine.nextEvent[0]!);
  k.events.now = k.machine.timeNs[0]!;
}
