import { EVENT } from '../../base/event-kinds.ts';
import { PAGE_SIZE } from '../../base/units.ts';
import type { KernelState } from '../state.ts';

/** A process's memory at one moment. Virtual nanoseconds and bytes. */
export interface FootprintPoint {
  readonly timeNs: number;
  /** Event that made it so. */
  readonly event: number;
  /** Asked for and not yet freed. */
  readonly asked: number;
  /** What the break has moved up since the start. */
  readonly brk: number;
  readonly rss: number;
}

/**
 * How a process's memory went over its life, a point for each event that changed a figure; written from the event log
 * and anchored at what is resident now, so that a forked child starts with what it was given.
 */
export function footprintOf(k: KernelState, pid: number): FootprintPoint[] {
  const { events } = k;
  const points: FootprintPoint[] = [];
  const live = new Map<number, number>();
  let [asked, brk, rss] = [0, 0, 0];
  for (let id = events.first; id < events.next; id++) {
    const at = id - events.first;
    if (events.pid[at] !== pid) continue;
    const address = events.a[at]!;
    switch (events.kind[at]) {
      case EVENT.BLOCK_GIVEN:
        asked += events.b[at]! - (live.get(address) ?? 0);
        live.set(address, events.b[at]!);
        break;
      case EVENT.BLOCK_FREED:
        asked -= live.get(address) ?? 0;
        live.delete(address);
        break;
      case EVENT.BREAK_MOVED:
        brk += events.a[at]! * PAGE_SIZE;
        break;
      case EVENT.PAGE_MAPPED:
        if (replacesPage(k, at)) continue;
        rss += PAGE_SIZE;
        break;
      case EVENT.PAGE_UNMAPPED:
        rss -= PAGE_SIZE;
        break;
      default:
        continue;
    }
    points.push({ timeNs: events.time[at]!, event: id, asked, brk, rss });
  }
  const before = residentBytes(k, pid) - rss;
  return points.map((point) => ({ ...point, rss: point.rss + before }));
}

/** A copy on write takes the place of a page that was resident before. */
function replacesPage({ events }: KernelState, at: number): boolean {
  const cause = events.cause[at]! - events.first;
  return cause >= 0 && events.kind[cause] === EVENT.COW_SHARED;
}

function residentBytes(k: KernelState, pid: number): number {
  const mm = k.tasks.mm[pid] ?? -1;
  return mm < 0 ? 0 : (k.mms.rssAnon[mm]! + k.mms.rssFile[mm]! + k.mms.rssShmem[mm]!) * PAGE_SIZE;
}
