import type { Pid } from '../base/units.ts';
import { findTranslation, TLB_BIT } from '../mm/tlb.ts';
import { TLB_POLICIES } from '../mm/tlb-policy.ts';
import { hasMemory, mmOf } from '../proc/task.ts';
import type { TlbCounters } from '../protocol/views.ts';
import type { KernelState } from './state.ts';

type Counted = Readonly<Record<'tlbHits' | 'tlbMisses' | 'tlbFlushes' | 'tlbShootdowns', Float64Array>>;

/** The counters of an address space, or with row 0 of the machine's own table those of all since boot. */
export const tlbCounters = (table: Counted, row: number): TlbCounters => ({
  hits: table.tlbHits[row]!,
  misses: table.tlbMisses[row]!,
  flushes: table.tlbFlushes[row]!,
  shootdowns: table.tlbShootdowns[row]!,
});

/** A way of the set in which a page's translation would be; null while it holds nothing. */
export interface TlbRow {
  readonly mm: number;
  readonly page: number;
  readonly frame: number;
  readonly huge: boolean;
  readonly asked: boolean;
}

/** The set that a page belongs to, way by way. Touches nothing. */
export function peekTlbSet(k: KernelState, pid: number, page: number): { set: number; rows: (TlbRow | null)[] } {
  const { tlb, machine } = k;
  const ways = machine.tlbWays[0]!;
  const found = hasMemory(k, pid) ? findTranslation(k, mmOf(k, pid as Pid), page) : -1;
  // A huge page's translation lies in the set of its own number.
  const set = found >= 0 ? Math.floor(found / ways) : page & (machine.tlbSets[0]! - 1);
  const rows = Array.from({ length: ways }, (_, way): TlbRow | null => {
    const row = set * ways + way;
    if (tlb.mm[row]! < 0) return null;
    const huge = (tlb.bits[row]! & TLB_BIT.HUGE) !== 0;
    return { mm: tlb.mm[row]!, page: tlb.page[row]!, frame: tlb.frame[row]!, huge, asked: row === found };
  });
  return { set, rows };
}

export const peekTlbShape = (k: KernelState): { entries: number; ways: number; policy: string } => ({
  entries: k.tlb.rows,
  ways: k.machine.tlbWays[0]!,
  policy: TLB_POLICIES[k.machine.tlbPolicy[0]!]!,
});
