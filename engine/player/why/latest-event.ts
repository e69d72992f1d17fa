import { EVENT, type EventKind } from '../../base/event-kinds.ts';
import type { EventLog } from '../../base/event-log.ts';
import { HUGE_PAGES } from '../../base/limits.ts';

/**
 * Which event made a thing what it is: the latest of those that are about it. The log is read backwards; a million
 * events take some milliseconds.
 */

/** Is the event at an index of the log about the thing? */
export type IsAbout = (log: EventLog, at: number) => boolean;

/** The latest event before `before` that is about the thing; 0 when there is none. */
export function latestEvent(log: EventLog, isAbout: IsAbout, before = log.next): number {
  for (let at = before - 1 - log.first; at >= 0; at--) if (isAbout(log, at)) return at + log.first;
  return 0;
}

/** Kinds that name the one page they are about. */
const OF_PAGE: ReadonlySet<EventKind> = new Set<EventKind>([
  EVENT.PAGE_MAPPED,
  EVENT.ZERO_MAPPED,
  EVENT.COW_REUSE,
  EVENT.PAGE_PROTECTED,
  EVENT.PAGE_UNMAPPED,
  EVENT.SWAP_OUT,
  EVENT.SWAP_IN,
  EVENT.PAGE_DISCARDED,
  EVENT.GUARD_INSTALLED,
  EVENT.GUARD_REMOVED,
  EVENT.PAGE_MOVED,
]);

/** Kinds that name the first page and, in operand a, the number of pages. */
const OF_RANGE: ReadonlySet<EventKind> = new Set<EventKind>([
  EVENT.VMA_ADD,
  EVENT.VMA_REMOVE,
  EVENT.VMA_PROTECT,
  EVENT.VMA_ADVISED,
  EVENT.STACK_GROWN,
]);

const OF_HUGE: ReadonlySet<EventKind> = new Set<EventKind>([EVENT.HUGE_MAPPED, EVENT.HUGE_SPLIT, EVENT.HUGE_COLLAPSED]);

/** What a page of a task is, or that there is none. */
export function aboutPage(pid: number, page: number): IsAbout {
  return (log, at) => {
    const kind = log.kind[at] as EventKind;
    // The child's pages are what fork made them, until something happens to one of them.
    if (kind === EVENT.FORK) return log.a[at] === pid;
    if (log.pid[at] !== pid) return false;
    if (kind === EVENT.EXEC || kind === EVENT.EXIT) return true;
    const first = log.page[at]!;
    if (OF_PAGE.has(kind)) return first === page;
    if (OF_HUGE.has(kind)) return page >= first && page < first + HUGE_PAGES;
    if (OF_RANGE.has(kind)) return page >= first && page < first + log.a[at]!;
    if (kind !== EVENT.BREAK_MOVED) return false;
    const old = first - log.a[at]!;
    return page >= Math.min(first, old) && page < Math.max(first, old);
  };
}

/** What a task's area is: its borders, permissions and advice. */
export function aboutArea(pid: number, start: number, end: number): IsAbout {
  return (log, at) => {
    const kind = log.kind[at] as EventKind;
    if (kind === EVENT.FORK) return log.a[at] === pid;
    if (log.pid[at] !== pid) return false;
    if (kind === EVENT.EXEC) return true;
    const first = log.page[at]!;
    if (kind === EVENT.BREAK_MOVED) return first >= start && first <= end;
    if (kind === EVENT.VMA_MERGE) return first === start;
    return OF_RANGE.has(kind) && first < end && first + log.a[at]! > start;
  };
}

/** Kinds that name a frame in passing: the access and the fault that found it so. */
const NOT_OF_FRAME: ReadonlySet<EventKind> = new Set<EventKind>([EVENT.COW_SHARED, EVENT.FAULT, EVENT.ACCESS]);

/** What a frame is used for, by whom, and what is in it. @param zeroFrame being mapped changes nothing of it */
export function aboutFrame(frame: number, zeroFrame: number): IsAbout {
  return (log, at) => {
    const kind = log.kind[at] as EventKind;
    const first = log.frame[at]!;
    if (first < 0 || NOT_OF_FRAME.has(kind) || frame === zeroFrame) return false;
    if (kind === EVENT.BLOCK_ALLOC) return frame >= first && frame < first + log.b[at]!;
    if (OF_HUGE.has(kind)) return frame >= first && frame < first + HUGE_PAGES;
    return first === frame;
  };
}

const OF_SLOT: ReadonlySet<EventKind> = new Set<EventKind>([
  EVENT.SWAP_OUT,
  EVENT.SWAP_IN,
  EVENT.SWAP_WRITE,
  EVENT.SWAP_READ,
  EVENT.SWAP_CACHE_LEFT,
  EVENT.SLOT_FREE,
]);

/** Who names a slot and what is in it. @param slot the kernel's number */
export const aboutSlot =
  (slot: number): IsAbout =>
  (log, at) =>
    OF_SLOT.has(log.kind[at] as EventKind) && log.a[at] === slot;

/** Whose a stretch of a heap is. @param header address of the chunk's header @param end behind the chunk */
export function aboutChunk(pid: number, header: number, end: number): IsAbout {
  return (log, at) => {
    if (log.pid[at] !== pid && log.kind[at] !== EVENT.FORK) return false;
    switch (log.kind[at] as EventKind) {
      case EVENT.FORK:
        return log.a[at] === pid;
      case EVENT.BLOCK_GIVEN:
      case EVENT.BLOCK_FREED:
      case EVENT.HEAP_DAMAGE:
        return log.a[at]! >= header && log.a[at]! < end;
      case EVENT.CHUNK_MOVED:
        return log.b[at]! >= header && log.b[at]! < end;
      case EVENT.EXEC:
        return true;
      default:
        return false;
    }
  };
}
