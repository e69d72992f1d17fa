import { PAGE_SIZE, pagesFor } from '../base/units.ts';
import { totalRamPages } from '../mm/commit.ts';
import type { Quantity, RegionOffset, TaskOperation } from '../protocol/commands.ts';
import { isReal } from '../mm/real-mode.ts';
import { placeFlat } from './real.ts';
import { aliasRegion, placeRegion } from './regions.ts';
import type { KernelState } from './state.ts';

/** Sizes and places of the console, once the machine is known. */

/** A size in bytes. A negative one stays negative: the kernel sees a huge unsigned number. */
export function bytesOf(k: KernelState, quantity: Quantity): number {
  const share = Math.floor((totalRamPages(k) * quantity.ramPercent) / 100) * PAGE_SIZE;
  return quantity.bytes + share;
}

/** An address in bytes, of the task whose command is carried out. A name that was never used gets a place where nothing is mapped. */
export function addressOf(k: KernelState, place: RegionOffset): number {
  return placeRegion(k, place.name, 0, k.events.currentPid) * PAGE_SIZE + bytesOf(k, place.offset);
}

/** Where mmap is asked to map: at the name's own place, or in another's. */
export function mmapAddress(k: KernelState, command: Extract<TaskOperation, { op: 'mmap' }>, length: number): number {
  if (isReal(k)) return placeFlat(k, command.name, pagesFor(length));
  if (command.at === null)
    return placeRegion(k, command.name, pagesFor(length), undefined, command.hugepages) * PAGE_SIZE;
  const address = addressOf(k, command.at);
  aliasRegion(k, command.name, Math.floor(address / PAGE_SIZE));
  return address;
}

/** Pages that a command is about, for its event. */
export function pagesAsked(k: KernelState, command: TaskOperation): number {
  if (command.op === 'ftruncate') return pagesFor(Math.max(0, bytesOf(k, command.size)));
  if ('length' in command) return pagesFor(Math.max(0, bytesOf(k, command.length)));
  if (command.op === 'brk') return pagesFor(bytesOf(k, command.amount));
  return command.op === 'mremap' ? pagesFor(Math.max(0, bytesOf(k, command.newLength))) : 0;
}
