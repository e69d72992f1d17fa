import { EVENT, STALL_REASONS } from '../base/event-kinds.ts';
import type { EventLog } from '../base/event-log.ts';
import type { StallView } from '../protocol/views.ts';

/**
 * When tasks stood still for a fault, in the order in which the stalls ended: read from the events alone.
 * @param first @param end events, start inclusive and end exclusive
 */
export function stallsBetween(events: EventLog, first: number, end: number): StallView[] {
  const found: StallView[] = [];
  for (let id = Math.max(first, events.first); id < Math.min(end, events.next); id++) {
    const at = id - events.first;
    if (events.kind[at] !== EVENT.STALL) continue;
    const to = events.time[at]!;
    found.push({
      pid: events.pid[at]!,
      from: to - events.b[at]!,
      to,
      reason: STALL_REASONS[events.a[at]!]!,
      event: id,
    });
  }
  return found;
}
