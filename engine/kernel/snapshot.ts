import { rewindLog } from '../base/event-log.ts';
import { columnOf, reserveRows, strideOf, type TableCore } from '../base/table.ts';
import type { Region } from '../proc/image.ts';
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
    k.contents,
    k.tasks,
    ...heapTablesOf(k.heapTables),
    ...programTablesOf(k.programs),
    k.tlb,
    k.costs,
  ] as unknown as TableCore[];
}

/** Bytes of each array of a table's used rows: the link column first, then the columns in the order of the spec. */
function arraysOf(table: TableCore): Uint8Array[] {
  const views = [new Uint8Array(table.link.buffer, 0, table.rows * 4)];
  for (const name of Object.keys(table.spec)) {
    const column = columnOf(table, name);
    views.push(new Uint8Array(column.buffer, 0, table.rows * strideOf(table, name) * column.BYTES_PER_ELEMENT));
  }
  return views;
}

const headOf = (table: TableCore): readonly [number, number, number] => [table.rows, table.liveRows, table.freeHead];
const regionText = (k: KernelState): Uint8Array => new TextEncoder().encode(JSON.stringify(k.regions));

/** The whole state as one block of bytes: two states are the same when these are. */
export function encodeState(k: KernelState): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const table of tablesOf(k)) {
    parts.push(new Uint8Array(new Int32Array(headOf(table)).buffer), ...arraysOf(table));
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
    for (const bytes of arraysOf(table)) mixBytes(hash, bytes);
  }
  mixBytes(hash, regionText(k));
  const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
  return hex(hash.high) + hex(hash.low);
}

interface Hash {
  high: number;
  low: number;
}

/** One round of MurmurHash3's mixing on two lanes. */
function mixWord(hash: Hash, word: number): void {
  hash.low = Math.imul(hash.low ^ word, 0xcc9e2d51);
  hash.low = (hash.low << 15) | (hash.low >>> 17);
  hash.high = Math.imul(hash.high ^ (word + hash.low), 0x1b873593);
  hash.high = (hash.high << 13) | (hash.high >>> 19);
}

function mixBytes(hash: Hash, bytes: Uint8Array): void {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  for (let i = 0; i < words.length; i++) mixWord(hash, words[i]!);
  for (let i = words.length * 4; i < bytes.length; i++) mixWord(hash, bytes[i]!);
  mixWord(hash, bytes.length);
}

/** Bytes that keyframes share when they did not change in between. */
const CHUNK_BYTES = 16_384;

/** A moment to come back to. Unchanged chunks are the ones of the keyframe before. */
export interface Keyframe {
  readonly tables: readonly {
    readonly head: readonly [number, number, number];
    readonly arrays: readonly (readonly Uint8Array[])[];
  }[];
  readonly regions: readonly Region[];
}

/** @param previous keyframe to share unchanged chunks with */
export function capture(k: KernelState, previous: Keyframe | null = null): Keyframe {
  const tables = tablesOf(k).map((table, t) => ({
    head: headOf(table),
    arrays: arraysOf(table).map((bytes, a) => chunksOf(bytes, previous?.tables[t]?.arrays[a])),
  }));
  return { tables, regions: k.regions.map((region) => ({ ...region })) };
}

function chunksOf(bytes: Uint8Array, before: readonly Uint8Array[] | undefined): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; at += CHUNK_BYTES, i++) {
    const now = bytes.subarray(at, Math.min(at + CHUNK_BYTES, bytes.length));
    const old = before?.[i];
    chunks.push(old !== undefined && equalBytes(old, now) ? old : now.slice());
  }
  return chunks;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The state becomes what it was when the keyframe was taken; later events are forgotten. */
export function restore(k: KernelState, keyframe: Keyframe): void {
  tablesOf(k).forEach((table, t) => {
    const saved = keyframe.tables[t]!;
    const [rows, liveRows, freeHead] = saved.head;
    reserveRows(table, rows);
    table.rows = rows;
    table.liveRows = liveRows;
    table.freeHead = freeHead;
    arraysOf(table).forEach((target, a) => {
      let at = 0;
      for (const chunk of saved.arrays[a]!) {
        target.set(chunk, at);
        at += chunk.length;
      }
    });
  });
  k.regions.splice(0, k.regions.length, ...keyframe.regions.map((region) => ({ ...region })));
  rewindLog(k.events, k.machine.nextEvent[0]!);
  k.events.now = k.machine.timeNs[0]!;
}
