import { CAP } from '../base/flags.ts';
import type { MmId } from '../base/units.ts';
import type { MemoryState } from './state.ts';

/**
 * Has the task of this address space the capability? Kept with the address space, because only memory management asks.
 * Source: Linux security/commoncap.c cap_capable.
 * @param capability number of a CAP, below 32
 */
export const hasCapability = (k: MemoryState, mm: MmId, capability: number): boolean =>
  (k.mms.capsDropped[mm]! & (1 << capability)) === 0;

/**
 * May the task map at this address? Source: Linux 6.18 security/commoncap.c cap_mmap_addr.
 * @param address bytes
 */
export const mayMapAt = (k: MemoryState, mm: MmId, address: number): boolean =>
  address >= k.machine.mmapMinAddr[0]! || hasCapability(k, mm, CAP.SYS_RAWIO);
