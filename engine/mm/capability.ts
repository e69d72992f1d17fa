import type { MmId } from '../base/units.ts';
import type { MemoryState } from './state.ts';

/**
 * Has the task of this address space the capability? Kept with the address space, because only memory management asks.
 * Source: Linux security/commoncap.c cap_capable.
 * @param capability number of a CAP, below 32
 */
export const hasCapability = (k: MemoryState, mm: MmId, capability: number): boolean =>
  (k.mms.capsDropped[mm]! & (1 << capability)) === 0;
