import { EVENT, SIGNAL_REASONS } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { MAX_PAGES_PER_COMMAND, MAX_VECTOR } from '../base/limits.ts';
import { PAGE_SIZE, type Pid } from '../base/units.ts';
import { accessPage, type AccessResult } from '../mm/access.ts';
import { costOf, PRICE } from '../mm/costs.ts';
import { peekByte, storeByte } from '../mm/frame-bytes.ts';
import { SIGNAL } from '../base/signals.ts';
import { runKswapd } from '../mm/vmscan.ts';
import { mmOf } from '../proc/task.ts';
import type { BytePlace, TaskOperation } from '../protocol/commands.ts';
import { spend } from './boot.ts';
import { pointerOf } from './heap/pointers.ts';
import { noteStore } from './heap/stores.ts';
import type { Outcome } from './outcome.ts';
import { addressOf, bytesOf } from './quantities.ts';
import type { KernelState } from './state.ts';

/** One access a page, until a signal. */
export function touch(
  k: KernelState,
  pid: Pid,
  command: Extract<TaskOperation, { op: 'touch_r' | 'touch_w' | 'read' }>,
): Outcome {
  const first = addressOf(k, command);
  const count = Math.min(Math.trunc(bytesOf(k, command.length) / PAGE_SIZE), MAX_PAGES_PER_COMMAND);
  const value = command.op === 'touch_w' ? (command.byte ?? k.machine.steps[0]!) & 0xff : null;
  const bytes: number[] = [];
  for (let done = 0; done < count; done++) {
    const result = accessByte(k, pid, first + done * PAGE_SIZE, value);
    if (typeof result !== 'number') return { ...result, done, ...(bytes.length > 0 ? { bytes } : {}) };
    if (value !== null) noteStore(k, pid, first + done * PAGE_SIZE, 1);
    if (command.op === 'read' && bytes.length < MAX_VECTOR) bytes.push(result);
  }
  return bytes.length > 0 ? { bytes } : {};
}

/**
 * One byte by one user instruction.
 * @param value what to store, null to load
 * @returns the byte, or how the access ended: in a signal, or in the task having to die
 */
function accessByte(k: KernelState, pid: Pid, address: number, value: number | null): number | Outcome {
  const page = Math.floor(address / PAGE_SIZE);
  const result = accessPage(k, mmOf(k, pid), page, value !== null);
  spend(k, pid, costOf(k, PRICE.memory_access));
  if (typeof result !== 'number') return refusedAccess(k, page, result);
  const offset = address - page * PAGE_SIZE;
  if (value !== null) storeByte(k, result, offset, value);
  const byte = peekByte(k, result, offset);
  if (k.machine.kswapdDue[0] !== 0) runKswapd(k);
  return byte;
}

/** The signal of a bad access; nothing of it where the task has to die for want of memory. */
function refusedAccess(k: KernelState, page: number, result: Exclude<AccessResult, number>): Outcome {
  if (result.kind === 'killed') return {};
  emit(k.events, EVENT.SIGNAL, page, -1, SIGNAL[result.signal], SIGNAL_REASONS.indexOf(result.reason));
  return { sig: result.signal, code: result.code, reason: result.reason };
}

export function poke(k: KernelState, pid: Pid, command: Extract<TaskOperation, { op: 'poke' }>): Outcome {
  const { address, pointer } = bytePlace(k, pid, command);
  for (let i = 0; i < command.values.length; i++) {
    const result = accessByte(k, pid, address + i, command.values[i]!);
    if (typeof result === 'number') continue;
    noteStore(k, pid, address, i);
    return { ...result, ...pointer, done: i };
  }
  noteStore(k, pid, address, command.values.length);
  return pointer;
}

/** Where bytes are loaded or stored: behind a pointer of the task, else in a region. */
function bytePlace(k: KernelState, pid: Pid, place: BytePlace): { address: number; pointer: { pointer?: true } } {
  const known = pointerOf(k, pid, place.name);
  if (known === null) return { address: addressOf(k, place), pointer: {} };
  const unit = place.plainOffset === true ? PAGE_SIZE : 1;
  return { address: known.address + bytesOf(k, place.offset) / unit, pointer: { pointer: true } };
}

export function loadBytes(k: KernelState, pid: Pid, command: Extract<TaskOperation, { op: 'bytes' }>): Outcome {
  const { address, pointer } = bytePlace(k, pid, command);
  const unit = pointer.pointer === true && command.plainLength === true ? PAGE_SIZE : 1;
  const count = Math.min(bytesOf(k, command.length) / unit, MAX_VECTOR);
  const bytes: number[] = [];
  for (let i = 0; i < count; i++) {
    const result = accessByte(k, pid, address + i, null);
    if (typeof result !== 'number') return { ...result, ...pointer, done: i, bytes };
    bytes.push(result);
  }
  return { ...pointer, bytes };
}
