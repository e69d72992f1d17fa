import { EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import { allocRow, isLive } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { blockAround, liveBlocksWithin } from './blocks.ts';
import { byteStates } from './byte-state.ts';
import { heapExtent, pageOfAddress } from './heap-state.ts';
import { hasAllocator } from './allocators.ts';
import { addWritten } from './written.ts';

/** What a store outside of the program's own blocks hits. */
export const DAMAGE = {
  /** A block that was freed. */
  FREED: 0,
  /** A header, the links of a free chunk, or the allocator's own blocks. */
  METADATA: 1,
  /** Bytes of the heap that belong to nobody. */
  NOBODY: 2,
  /** Not a store: the allocator gave a live block out again. */
  GIVEN_TWICE: 3,
} as const;
export type DamageKind = (typeof DAMAGE)[keyof typeof DAMAGE];

/**
 * The program has stored to [start, start + length). Its own bytes are initialised by that; anything else in the heap
 * is damage, remembered with its event so that a later abort can be led back to it.
 */
export function noteStore(k: KernelState, pid: number, start: number, length: number): void {
  if (length <= 0 || !hasAllocator(k, pid)) return;
  const end = start + length;
  let at = start;
  for (const block of liveBlocksWithin(k, pid, start, end)) {
    const from = Math.max(at, block.address);
    const to = Math.min(end, block.address + block.usable);
    if (to <= from) continue;
    noteForeign(k, pid, at, from);
    addWritten(k, block.row, from, to);
    at = to;
  }
  noteForeign(k, pid, at, end);
}

/** [start, end) is nobody's or somebody else's; what lies outside of the heap does not concern it. */
function noteForeign(k: KernelState, pid: number, start: number, end: number): void {
  const heap = heapExtent(k, pid);
  const from = Math.max(start, heap?.start ?? Infinity);
  const to = Math.min(end, heap?.end ?? -Infinity);
  if (to > from) noteDamage(k, pid, from, to - from, kindOf(k, pid, from, to));
}

function kindOf(k: KernelState, pid: number, from: number, to: number): DamageKind {
  if (blockAround(k, pid, from) !== null) return DAMAGE.FREED;
  // Where sizes lead nowhere any more, whatever is there is taken for the allocator's.
  const own = byteStates(k, pid, from, to - from).some((state) => state === 'metadata' || state === 'outside');
  return own ? DAMAGE.METADATA : DAMAGE.NOBODY;
}

export function noteDamage(k: KernelState, pid: number, address: number, length: number, kind: DamageKind): void {
  const event = emit(k.events, EVENT.HEAP_DAMAGE, pageOfAddress(address), -1, address, kind);
  const { damage } = k.heapTables;
  const row = allocRow(damage);
  damage.pid[row] = pid;
  damage.address[row] = address;
  damage.length[row] = length;
  damage.event[row] = event;
  damage.kind[row] = kind;
}

/** The event of the last damage a process did to its heap, 0 for none: what a later abort is led back to. */
export function lastDamage(k: KernelState, pid: number): number {
  const { damage } = k.heapTables;
  let last = 0;
  for (let row = 0; row < damage.rows; row++) {
    if (isLive(damage, row) && damage.pid[row] === pid) last = Math.max(last, damage.event[row]!);
  }
  return last;
}
