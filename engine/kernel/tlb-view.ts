import { TLB_POLICIES } from '../mm/tlb-policy.ts';
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

export const peekTlbShape = (k: KernelState): { entries: number; ways: number; policy: string } => ({
  entries: k.tlb.rows,
  ways: k.machine.tlbWays[0]!,
  policy: TLB_POLICIES[k.machine.tlbPolicy[0]!]!,
});
