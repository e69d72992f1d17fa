import { NO_ROW } from '../../base/row-tree.ts';
import { PAGE_SIZE } from '../../base/units.ts';
import { isAlive, taskNumbers } from '../../proc/task.ts';
import type { FootprintPoint } from '../../protocol/player.ts';
import type { KernelState } from '../state.ts';
import { allocatorRow } from './allocators.ts';

type Footprint = Omit<FootprintPoint, 'timeNs' | 'event'>;

/** What a task's memory comes to now; takes the same time however large its heap is. */
function footprintOf(k: KernelState, pid: number): Footprint {
  const mm = isAlive(k, pid) ? k.tasks.mm[pid]! : -1;
  if (mm < 0) return { pid, asked: null, held: 0, heap: 0, rss: 0 };
  const { mms, heapTables } = k;
  const row = allocatorRow(k, pid);
  return {
    pid,
    asked: row === NO_ROW ? null : heapTables.allocators.asked[row]!,
    held: row === NO_ROW ? 0 : heapTables.allocators.held[row]!,
    heap: mms.brk[mm]! - mms.startBrk[mm]!,
    rss: (mms.rssAnon[mm]! + mms.rssFile[mm]! + mms.rssShmem[mm]!) * PAGE_SIZE,
  };
}

/**
 * Follows the memory of all tasks from command to command. What it tells is measured, not computed from events: a page
 * that another task's request sent to swap counts from that moment on.
 */
export class Footprints {
  private known: ReadonlyMap<number, Footprint>;

  constructor(private readonly k: KernelState) {
    this.known = this.all();
  }

  /**
   * Tasks whose figures are others than when this was asked before; of a task that has ended, zeros.
   * @param event that made it so: the command
   */
  changes(event: number): FootprintPoint[] {
    const now = this.all();
    const changed = [...now.values()].filter((point) => !equal(point, this.known.get(point.pid)));
    const ended = [...this.known.keys()].filter((pid) => !now.has(pid)).map((pid) => footprintOf(this.k, pid));
    this.known = now;
    const timeNs = this.k.machine.timeNs[0]!;
    return [...changed, ...ended].map((point) => ({ ...point, timeNs, event }));
  }

  private all(): ReadonlyMap<number, Footprint> {
    const alive = taskNumbers(this.k).filter((pid) => isAlive(this.k, pid));
    return new Map(alive.map((pid) => [pid, footprintOf(this.k, pid)]));
  }
}

const equal = (a: Footprint, b: Footprint | undefined): boolean =>
  b !== undefined && a.asked === b.asked && a.held === b.held && a.heap === b.heap && a.rss === b.rss;
