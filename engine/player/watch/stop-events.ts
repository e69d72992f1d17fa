import { EVENT, OPERATIONS } from '../../base/event-kinds.ts';
import { eventsBetween, type EventLog, type EventRecord } from '../../base/event-log.ts';
import type { StopKind } from '../../protocol/watch.ts';

const isKind =
  (...kinds: readonly number[]) =>
  (event: EventRecord): boolean =>
    kinds.includes(event.kind);

const LOCKS: readonly string[] = ['mlock', 'mlock2', 'mlockall', 'munlock', 'munlockall'];

const TESTS: Readonly<Record<StopKind, (event: EventRecord) => boolean>> = {
  copy: isKind(EVENT.FRAME_COPY),
  fault: isKind(EVENT.FAULT),
  major: ({ kind, b }) => kind === EVENT.FAULT && b === 1,
  swapOut: isKind(EVENT.SWAP_OUT),
  swapIn: isKind(EVENT.SWAP_IN),
  break: isKind(EVENT.BREAK_MOVED),
  refused: isKind(EVENT.SYSCALL_ERROR),
  lock: ({ kind, a }) => kind === EVENT.SYSCALL_ERROR && LOCKS.includes(OPERATIONS[a]!),
  fork: isKind(EVENT.FORK),
  signal: isKind(EVENT.SIGNAL, EVENT.SIGNAL_SENT),
  exit: isKind(EVENT.EXIT),
  kill: isKind(EVENT.OOM_KILL, EVENT.PANIC),
  reclaim: isKind(EVENT.RECLAIM),
  damage: isKind(EVENT.HEAP_DAMAGE, EVENT.ABORT),
  flush: isKind(EVENT.TLB_FLUSH),
};

/** Those of the kinds that happened in a step. @param firstEvent @param endEvent events of the step */
export function stopsAmong(
  log: EventLog,
  firstEvent: number,
  endEvent: number,
  kinds: readonly StopKind[],
): StopKind[] {
  if (kinds.length === 0) return [];
  const events = eventsBetween(log, firstEvent, endEvent);
  return kinds.filter((kind) => events.some(TESTS[kind]));
}
