import { EVENT, OPERATIONS, SIGNAL_REASONS, type Operation, type SignalReason } from '../../base/event-kinds.ts';
import { emit, within } from '../../base/event-log.ts';
import type { EventId, Pid } from '../../base/units.ts';
import { abortTextIndex, attempt, type StopReason } from '../../malloc/index.ts';
import { SIGNAL } from '../../base/signals.ts';
import { endTask } from '../../proc/exit.ts';
import type { LibraryCall } from '../../protocol/library-calls.ts';
import { spend } from '../boot.ts';
import { costOf, PRICE } from '../../mm/costs.ts';
import { TaskMallocMemory } from '../malloc-memory.ts';
import type { Outcome } from '../outcome.ts';
import type { KernelState } from '../state.ts';
import { blockAt } from './blocks.ts';
import { libraryOf } from './library.ts';
import { Program } from './program.ts';
import { pointerOf } from './pointers.ts';
import { hasAllocator, noteAllocator, noteHeld } from './allocators.ts';
import { lastDamage } from './stores.ts';

/** What a program does with its pointers without the library: its own loads and stores. */
const OWN_ACCESS: readonly LibraryCall['op'][] = ['fill', 'raw', 'prev', 'show', 'null', 'store'];

/**
 * A call of the C library by a task: the allocator works in the task's own pages, and all its system calls and faults
 * are caused by the call. A heap that is found damaged ends the task, as it ends a program.
 */
export function libraryCall(k: KernelState, pid: Pid, call: LibraryCall): Outcome {
  const memory = new TaskMallocMemory(k, pid);
  if (OWN_ACCESS.includes(call.op)) return ownAccess(k, pid, memory, call);
  const op = OPERATIONS.indexOf(call.op as Operation);
  const id = emit(k.events, EVENT.LIBRARY_CALL, -1, -1, op, bytesAsked(call));
  const before = k.machine.timeNs[0]!;
  spend(k, pid, costOf(k, PRICE.library_call));
  return within(k.events, id, () => {
    const done = attempt(() => {
      // The library's data are there from the start of a program; here they come with its first call.
      const arena = memory.mapLibrary();
      if (arena === null) return { ret: 'NULL', errno: 'ENOMEM' };
      noteAllocator(k, pid);
      const library = libraryOf(k, pid, memory, arena);
      const outcome = new Program(k, pid, memory, library, id).run(call);
      library.done();
      return outcome;
    });
    noteHeld(k, pid, memory);
    if (!done.ok) return stopped(k, pid, call, id, done.stop);
    const library = k.machine.timeNs[0]! - before - memory.systemNs - memory.faultNs;
    return { ...done.value, cost: { library, system: memory.systemNs, faults: memory.faultNs } };
  });
}

/** Loads and stores of the program itself: a bad one is caught, and the program lives on. */
function ownAccess(k: KernelState, pid: Pid, memory: TaskMallocMemory, call: LibraryCall): Outcome {
  const program = new Program(k, pid, memory, null, k.events.currentCause);
  const done = attempt(() => program.run(call));
  if (done.ok) return done.value;
  if (memory.caught === null) return {};
  const { code, reason } = memory.caught;
  return { sig: reason === 'beyond the object' ? 'SIGBUS' : 'SIGSEGV', code, reason, done: 0 };
}

/** Bytes that a call is about, for its event. */
function bytesAsked(call: LibraryCall): number {
  if (call.op === 'calloc' || call.op === 'reallocarray') return call.count * call.bytes;
  return 'bytes' in call ? call.bytes : 0;
}

/** The allocator did not come back: the task ends. */
function stopped(k: KernelState, pid: Pid, call: LibraryCall, id: EventId, stop: StopReason): Outcome {
  switch (stop.kind) {
    case 'abort':
      return aborted(k, pid, call, id, stop.message);
    case 'loop':
      return ends(k, pid, 'SIGKILL', 'endless loop', `it goes round for ever in a damaged ${stop.list}`);
    case 'signal':
      // Chosen by the out-of-memory killer: whoever gave the command sees to its end.
      if (stop.signal === 'SIGKILL') return {};
      return within(k.events, blamed(k, pid, call, id), () => ends(k, pid, stop.signal, 'none', 'in the allocator'));
  }
}

/** abort(3): the event is caused by the damage that was found, however long ago that was done. */
function aborted(k: KernelState, pid: Pid, call: LibraryCall, id: EventId, message: string): Outcome {
  return within(k.events, blamed(k, pid, call, id), () => {
    const why = emit(k.events, EVENT.ABORT, -1, -1, abortTextIndex(message), id);
    return within(k.events, why, () => ends(k, pid, 'SIGABRT', 'abort', message));
  });
}

function ends(
  k: KernelState,
  pid: Pid,
  sig: 'SIGABRT' | 'SIGKILL' | 'SIGSEGV' | 'SIGBUS',
  reason: SignalReason,
  text: string,
): Outcome {
  if (reason !== 'none') emit(k.events, EVENT.SIGNAL, -1, -1, SIGNAL[sig], SIGNAL_REASONS.indexOf(reason));
  endTask(k, pid, SIGNAL[sig]);
  return { sig, reason: text.trimEnd(), library: { text } };
}

/** What a death in the allocator is led back to: the first free of a block freed twice, else the last damage. */
function blamed(k: KernelState, pid: Pid, call: LibraryCall, id: EventId): EventId {
  if (!hasAllocator(k, pid)) return id;
  const freedTwice = 'name' in call ? freedBefore(k, pid, call) : 0;
  return (freedTwice || lastDamage(k, pid) || id) as EventId;
}

function freedBefore(k: KernelState, pid: Pid, call: LibraryCall & { readonly name: string }): number {
  const pointer = pointerOf(k, pid, call.name);
  if (pointer === null) return 0;
  const block = blockAt(k, pid, pointer.address);
  return block !== null && block.freed !== 0 ? block.freed : 0;
}
