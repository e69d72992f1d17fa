import { EVENT, type EventKind } from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import type { Chip } from '../../protocol/player.ts';
import { eventText, type Label } from './event-text.ts';
import { counted, duration } from './words.ts';

/** What tells most about a step, best first: the chain of causes ends there. */
const TELLING: readonly EventKind[] = [
  EVENT.OOM_KILL,
  EVENT.SIGNAL,
  EVENT.SYSCALL_ERROR,
  EVENT.FRAME_COPY,
  EVENT.COW_REUSE,
  EVENT.PAGES_SHARED,
  EVENT.FORK,
  EVENT.CACHE_READ,
  EVENT.STACK_GROWN,
  EVENT.ZERO_MAPPED,
  EVENT.PAGE_MAPPED,
  EVENT.VMA_PROTECT,
  EVENT.FRAME_FREE,
  EVENT.PAGE_UNMAPPED,
  EVENT.VMA_REMOVE,
  EVENT.BREAK_MOVED,
  EVENT.EXIT,
  EVENT.COMMIT,
  EVENT.VMA_ADD,
  EVENT.ACCESS,
];

/** Bookkeeping that would only make the chain longer. */
const HIDDEN: ReadonlySet<EventKind> = new Set<EventKind>([EVENT.FRAME_ALLOC, EVENT.TABLE_ALLOC]);

/** What one command came to, for the last chip. */
export interface CommandCost {
  readonly minflt: number;
  readonly majflt: number;
  readonly timeNs: number;
}

/** The chain from the user's command to the most telling event of a step, and what it cost. */
export function chipsOf(events: readonly EventRecord[], cost: CommandCost, label: Label): Chip[] {
  const telling = mostTelling(events);
  if (telling === null) return [];
  const chips = shortened(chainTo(telling, events)).map((event) => chip(event, label));
  return [...chips, { text: costText(cost), event: 0, pid: telling.pid, page: -1, frame: -1 }];
}

function mostTelling(events: readonly EventRecord[]): EventRecord | null {
  for (const kind of TELLING) {
    const found = events.find((event) => event.kind === kind);
    if (found !== undefined) return found;
  }
  return events[0] ?? null;
}

function chainTo(event: EventRecord, events: readonly EventRecord[]): EventRecord[] {
  const byId = new Map(events.map((e) => [e.id as number, e]));
  const chain = [event];
  for (let cause = byId.get(event.cause); cause !== undefined; cause = byId.get(cause.cause)) chain.unshift(cause);
  const first = events.find((e) => e.kind === EVENT.ACCESS && e.page === event.page && e.id < event.id);
  // a signal is caused by the command; the access it refuses stands beside it
  if (event.kind === EVENT.SIGNAL && first !== undefined) chain.splice(1, 0, first);
  return chain;
}

/** The command repeats what its call or access says. */
function shortened(chain: readonly EventRecord[]): EventRecord[] {
  const says = (event: EventRecord | undefined): boolean =>
    event?.kind === EVENT.SYSCALL || event?.kind === EVENT.ACCESS;
  return chain.filter((event, i) => {
    if (event.kind === EVENT.COMMAND && says(chain[i + 1])) return false;
    if (event.kind === EVENT.EXIT && chain[0]!.kind === EVENT.COMMAND && i === 1 && event.a === 0)
      return chain.length === 2;
    return !HIDDEN.has(event.kind);
  });
}

const chip = (event: EventRecord, label: Label): Chip => ({
  text: eventText(event, label),
  event: event.id,
  pid: event.pid,
  page: event.page,
  frame: event.frame,
});

export function costText({ minflt, majflt, timeNs }: CommandCost): string {
  const faults = [
    ...(minflt > 0 ? [counted(minflt, 'minor fault')] : []),
    ...(majflt > 0 ? [counted(majflt, 'major fault')] : []),
  ];
  return [...(faults.length > 0 ? faults : ['no fault']), duration(timeNs)].join(', ');
}
