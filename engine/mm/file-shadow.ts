import { allocRow, freeRow, isLive } from '../base/table.ts';
import type { ObjectId } from '../base/units.ts';
import type { MemoryState } from './state.ts';

/**
 * What the page cache remembers of a file's page that reclaim took: when it went, until it comes back or the file is cut.
 * Source: Linux 6.18 mm/filemap.c page_cache_delete (shadow entries), mm/truncate.c clear_shadow_entries.
 */
export const SHADOW_SPEC = {
  object: 'i32',
  index: 'f64',
  age: 'f64', // as swapSlots.shadow: 1 + 2 × the clock of workingset.ts + 1 when it was in the workingset
  next: 'i32', // in the same bucket
} as const;
export const SHADOW_BUCKETS = 256;

function bucketOf(k: MemoryState, file: number, index: number): number {
  const mixed = Math.imul(file + 1, 0x9e3779b1) + Math.imul(index | 0, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (k.shadowHash.rows - 1);
}

export function leaveShadow(k: MemoryState, file: ObjectId, index: number, age: number): void {
  const { shadows, shadowHash } = k;
  const row = allocRow(shadows);
  const bucket = bucketOf(k, file, index);
  shadows.object[row] = file;
  shadows.index[row] = index;
  shadows.age[row] = age;
  shadows.next[row] = shadowHash.first[bucket]!;
  shadowHash.first[bucket] = row;
}

/** The page's shadow, which is gone then. @returns its age, 0 where there is none */
export function takeShadow(k: MemoryState, file: ObjectId, index: number): number {
  const { shadows, shadowHash } = k;
  const bucket = bucketOf(k, file, index);
  let before = -1;
  let row = shadowHash.first[bucket]!;
  while (row >= 0 && (shadows.object[row] !== file || shadows.index[row] !== index)) {
    before = row;
    row = shadows.next[row]!;
  }
  if (row < 0) return 0;
  if (before < 0) shadowHash.first[bucket] = shadows.next[row]!;
  else shadows.next[before] = shadows.next[row]!;
  const age = shadows.age[row]!;
  freeRow(shadows, row);
  return age;
}

/** Pages [from, to) of a file are cut off, or dropped on purpose. */
export function dropShadows(k: MemoryState, file: ObjectId, from: number, to: number): void {
  const { shadows } = k;
  for (let row = 0; row < shadows.rows; row++) {
    if (!isLive(shadows, row) || shadows.object[row] !== file) continue;
    if (shadows.index[row]! >= from && shadows.index[row]! < to) takeShadow(k, file, shadows.index[row]!);
  }
}
