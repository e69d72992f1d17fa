import type { EventRecord } from '../../engine/base/event-log.ts';
import { EVENTS } from '../../engine/base/event-kinds.ts';
import { pageLabel, type KernelState } from '../../engine/kernel/index.ts';
import { eventText } from '../../engine/player/narrate/event-text.ts';
import type { EventLine } from '../../engine/protocol/snapshot.ts';

/** Events as lines of the log, each set in below its cause. */
export function eventLines(k: KernelState, events: readonly EventRecord[]): EventLine[] {
  const depths = new Map<number, number>();
  return events.map((event) => {
    // A cause in an earlier step, such as the store that damaged a heap, is no line of this log.
    const above = depths.get(event.cause);
    const depth = above === undefined ? 0 : above + 1;
    depths.set(event.id, depth);
    return {
      id: event.id,
      cause: event.cause,
      depth,
      kind: EVENTS[event.kind]?.name ?? '',
      pid: event.pid,
      text: eventText(event, (page, pid) => pageLabel(k, page, pid)),
      timeNs: event.time,
      page: event.page,
      frame: event.frame,
    };
  });
}
