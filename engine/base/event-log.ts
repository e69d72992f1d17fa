import type { EventKind } from './event-kinds.ts';
import type { EventId, Pid } from './units.ts';

/**
 * Everything that happened, in order, as fixed records in typed arrays. Each record names the record that caused it,
 * so "why?" is a walk along `cause` until it is 0: the command a person gave.
 *
 * `page` is a virtual page number (or −1), `frame` a frame number (or −1); `a` and `b` mean what EVENTS says for the kind.
 */
export interface EventLog {
  /** Number of the next event; the log holds events `first` … `next − 1`. */
  next: number;
  first: number;
  capacity: number;
  kind: Uint8Array;
  pid: Uint16Array;
  cause: Uint32Array;
  page: Float64Array;
  frame: Int32Array;
  a: Float64Array;
  b: Float64Array;
  /** Virtual time in ns when it happened. */
  time: Float64Array;
  /** What new events are caused by. Set with `within`. */
  currentCause: EventId;
  /** The task that new events belong to. */
  currentPid: Pid;
  /** Set by the kernel as its clock moves; copied into each record. */
  now: number;
}

export interface EventRecord {
  readonly id: EventId;
  readonly cause: EventId;
  readonly kind: EventKind;
  readonly pid: Pid;
  readonly page: number;
  readonly frame: number;
  readonly a: number;
  readonly b: number;
  readonly time: number;
}

export function makeEventLog(): EventLog {
  const capacity = 1024;
  return {
    next: 1,
    first: 1,
    capacity,
    kind: new Uint8Array(capacity),
    pid: new Uint16Array(capacity),
    cause: new Uint32Array(capacity),
    page: new Float64Array(capacity),
    frame: new Int32Array(capacity),
    a: new Float64Array(capacity),
    b: new Float64Array(capacity),
    time: new Float64Array(capacity),
    currentCause: 0 as EventId,
    currentPid: 0 as Pid,
    now: 0,
  };
}

function grow(log: EventLog): void {
  const capacity = log.capacity * 2;
  const wider = <T extends Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array>(old: T): T => {
    const made = new (old.constructor as new (n: number) => T)(capacity);
    made.set(old as never);
    return made;
  };
  log.kind = wider(log.kind);
  log.pid = wider(log.pid);
  log.cause = wider(log.cause);
  log.page = wider(log.page);
  log.frame = wider(log.frame);
  log.a = wider(log.a);
  log.b = wider(log.b);
  log.time = wider(log.time);
  log.capacity = capacity;
}

/** Appends one record; returns its number. */
export function emit(log: EventLog, kind: EventKind, page: number, frame: number, a = 0, b = 0): EventId {
  const at = log.next - log.first;
  if (at === log.capacity) grow(log);
  log.kind[at] = kind;
  log.pid[at] = log.currentPid;
  log.cause[at] = log.currentCause;
  log.page[at] = page;
  log.frame[at] = frame;
  log.a[at] = a;
  log.b[at] = b;
  log.time[at] = log.now;
  return log.next++ as EventId;
}

/** Runs `work` with `id` as the cause of all events in it. */
export function within<T>(log: EventLog, id: EventId, work: () => T): T {
  const outer = beginCause(log, id);
  const result = work();
  endCause(log, outer);
  return result;
}

/**
 * From here on `id` is the cause of all events, until endCause: `within` for what every fault passes, where a closure
 * would be noticed.
 * @returns what endCause has to be given
 */
export function beginCause(log: EventLog, id: EventId): EventId {
  const outer = log.currentCause;
  log.currentCause = id;
  return outer;
}

export function endCause(log: EventLog, outer: EventId): void {
  log.currentCause = outer;
}

/** Forgets all records from `next` on: the journal was cut there, or a keyframe was restored. */
export function rewindLog(log: EventLog, next: number): void {
  log.next = Math.max(next, log.first);
  log.currentCause = 0 as EventId;
}

export function eventAt(log: EventLog, id: number): EventRecord | null {
  const at = id - log.first;
  if (at < 0 || id >= log.next) return null;
  return {
    id: id as EventId,
    cause: log.cause[at]! as EventId,
    kind: log.kind[at]! as EventKind,
    pid: log.pid[at]! as Pid,
    page: log.page[at]!,
    frame: log.frame[at]!,
    a: log.a[at]!,
    b: log.b[at]!,
    time: log.time[at]!,
  };
}

/** Records `from` (inclusive) to `to` (exclusive). */
export function eventsBetween(log: EventLog, from: number, to: number): EventRecord[] {
  const found: EventRecord[] = [];
  for (let id = Math.max(from, log.first); id < Math.min(to, log.next); id++) found.push(eventAt(log, id)!);
  return found;
}

/** The chain from the user's command to this event: command first. */
export function causeChain(log: EventLog, id: number): EventRecord[] {
  const chain: EventRecord[] = [];
  for (let event = eventAt(log, id); event !== null; event = eventAt(log, event.cause)) chain.unshift(event);
  return chain;
}
