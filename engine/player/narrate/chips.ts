import { EVENT, type EventKind } from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import { FRAME } from '../../base/flags.ts';
import type { Chip } from '../../protocol/player.ts';
import { eventText, type Label } from './event-text.ts';
import { counted, duration } from './words.ts';

/** What tells most about a step, best first: the chain of causes ends there. */
export const TELLING: readonly EventKind[] = [
  EVENT.PANIC,
  EVENT.OOM_KILL,
  EVENT.ABORT,
  EVENT.SIGNAL,
  EVENT.SYSCALL_ERROR,
  EVENT.HEAP_DAMAGE,
  EVENT.PROTECTION_SET,
  EVENT.STRAY_ACCESS,
  EVENT.FRAME_COPY,
  EVENT.COW_REUSE,
  EVENT.SWAP_IN,
  EVENT.SWAP_OUT,
  EVENT.PAGE_DISCARDED,
  EVENT.PAGES_SHARED,
  EVENT.SLOTS_SHARED,
  EVENT.FORK,
  EVENT.EXEC,
  EVENT.WRITE_BACK,
  EVENT.CACHE_DROPPED,
  EVENT.CACHE_READ,
  EVENT.PAGE_DIRTIED,
  EVENT.STACK_GROWN,
  EVENT.ZERO_MAPPED,
  EVENT.HUGE_COLLAPSED,
  EVENT.HUGE_MAPPED,
  EVENT.PAGE_MAPPED,
  EVENT.VMA_PROTECT,
  EVENT.BREAK_MOVED,
  EVENT.BLOCK_GIVEN,
  EVENT.BLOCK_FREED,
  EVENT.FILE_SIZED,
  EVENT.FILE_READ,
  EVENT.FILE_WRITTEN,
  EVENT.FILE_MADE,
  EVENT.DEVICE_MADE,
  EVENT.REFERENCES_PLAYED,
  EVENT.CHILD_REAPED,
  EVENT.TASK_STOPPED,
  EVENT.TASK_CONTINUED,
  EVENT.TASK_BLOCKED,
  EVENT.SIGNAL_HANDLED,
  EVENT.UID_SET,
  EVENT.OOM_SCORE_ADJ_SET,
  EVENT.DISPOSITION_SET,
  EVENT.GUARD_INSTALLED,
  EVENT.GUARD_REMOVED,
  EVENT.PAGES_LOCKED,
  EVENT.PAGES_UNLOCKED,
  EVENT.LIMIT_SET,
  EVENT.CAPABILITY_DROPPED,
  EVENT.SYSCTL_SET,
  EVENT.FRAME_FREE,
  EVENT.PAGE_UNMAPPED,
  EVENT.EXIT,
  EVENT.VMA_REMOVE,
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

/**
 * The chain from the user's command to the most telling event of a step, and what it cost.
 * @param commandText how a COMMAND event was written
 */
export function chipsOf(
  events: readonly EventRecord[],
  cost: CommandCost,
  label: Label,
  commandText: (event: EventRecord) => string | null,
): Chip[] {
  const telling = mostTelling(events);
  if (telling === null) return [];
  const chips = shortened(chainTo(telling, events)).map((event): Chip => {
    const own = event.kind === EVENT.COMMAND ? commandText(event) : null;
    const text = own ?? (event === telling ? totalText(event, events) : null) ?? eventText(event, label);
    return { text, event: event.id, pid: event.pid, page: event.page, frame: event.frame };
  });
  const refused = telling.kind === EVENT.SIGNAL;
  return [...chips, { text: costText(cost, refused), event: 0, pid: telling.pid, page: -1, frame: -1 }];
}

function mostTelling(events: readonly EventRecord[]): EventRecord | null {
  for (const kind of TELLING) {
    const [first, ...others] = events.filter((event) => event.kind === kind && tells(event));
    if (first === undefined) continue;
    if (kind !== EVENT.PAGES_SHARED) return first;
    // of several stretches that are shared the largest one is shown
    return others.reduce((best, event) => (event.a > best.a ? event : best), first);
  }
  return events[0] ?? null;
}

/** A page table's frame is bookkeeping; a fork that found nothing to share tells nothing. */
function tells(event: EventRecord): boolean {
  if (event.kind === EVENT.FRAME_FREE) return event.a !== FRAME.TABLE;
  return event.kind !== EVENT.PAGES_SHARED || event.a > 0;
}

/** Where an event stands for many of its kind, all of them in one text. */
function totalText(event: EventRecord, events: readonly EventRecord[]): string | null {
  const alike = events.filter((e) => e.kind === event.kind && tells(e));
  if (event.kind === EVENT.PAGES_SHARED) {
    const pages = alike.reduce((sum, e) => sum + e.a, 0);
    return `${counted(pages, 'page')} shared, none copied`;
  }
  if (event.kind === EVENT.SWAP_OUT && alike.length > 1) return `${alike.length} pages go to swap`;
  if (event.kind === EVENT.SWAP_IN && alike.length > 1) return `${alike.length} pages are back from swap`;
  return event.kind === EVENT.FRAME_FREE && alike.length > 1 ? `${counted(alike.length, 'frame')} are free` : null;
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
    event?.kind === EVENT.SYSCALL || event?.kind === EVENT.ACCESS || event?.kind === EVENT.LIBRARY_CALL;
  return chain.filter((event, i) => {
    if (event.kind === EVENT.COMMAND && says(chain[i + 1])) return false;
    if (event.kind === EVENT.EXIT && chain[0]!.kind === EVENT.COMMAND && i === 1 && event.a === 0)
      return chain.length === 2;
    return !HIDDEN.has(event.kind);
  });
}

/**
 * Faults that were served, and the time it all took.
 * @param refused the last access trapped and ended in a signal: no fault counter moves for that
 */
export function costText({ minflt, majflt, timeNs }: CommandCost, refused = false): string {
  const faults = [
    ...(minflt > 0 ? [counted(minflt, 'minor fault')] : []),
    ...(majflt > 0 ? [counted(majflt, 'major fault')] : []),
  ];
  return [
    ...(faults.length > 0 ? faults : [refused ? 'the trap is not counted in minflt' : 'no fault']),
    duration(timeNs),
  ].join(', ');
}
