import type { StageShape, TaskSnapshot } from '../../engine/protocol/snapshot.ts';

/**
 * Who gets a place on the stage, so that nothing moves between steps: every task and every region that the whole
 * scenario will ever show has its slot from the start, and an empty slot stays empty.
 */
export interface StagePlan {
  /** Task numbers, ascending. */
  readonly tasks: readonly number[];
  /** Columns for more tasks than fit side by side: in each, in the order of their lives, tasks that never meet. */
  readonly columns: readonly (readonly number[])[];
  /** From high to low addresses, as they are drawn. */
  readonly slots: readonly RegionSlot[];
  readonly totalFrames: number;
  /** Swap slots at most, now or later; 0 without a device. */
  readonly swapSlots: number;
  /** A device's memory is mapped, now or later; absent: never. */
  readonly device?: true;
}

export interface RegionSlot {
  readonly name: string;
  /** First page of the region. */
  readonly page: number;
  /** Cells it needs at most, however its rows break. */
  readonly cells: number;
}

/** Width of a folded run, in cells; at the end of a row it is as wide as what is left, but never one cell. */
export const WIDE_CELL = 3;
export const NARROWEST_WIDE = 2;

export const EMPTY_PLAN: StagePlan = { tasks: [], columns: [], slots: [], totalFrames: 0, swapSlots: 0 };

/** The plan with room for one more snapshot. */
export function extendPlan(plan: StagePlan, snapshot: StageShape): StagePlan {
  const tasks = new Set([...plan.tasks, ...snapshot.ended.map(({ pid }) => pid)]);
  const slots = new Map(plan.slots.map((slot) => [slot.name, slot]));
  for (const task of snapshot.tasks) {
    tasks.add(task.view.pid);
    for (const [name, cells] of cellsByRegion(task)) {
      const known = slots.get(name);
      const page = known?.page ?? regionBase(task, name);
      slots.set(name, { name, page, cells: Math.max(known?.cells ?? 0, cells) });
    }
  }
  return {
    tasks: [...tasks].sort((a, b) => a - b),
    columns: packColumns(plan, snapshot),
    slots: [...slots.values()].sort((a, b) => b.page - a.page),
    totalFrames: snapshot.frames.total,
    swapSlots: Math.max(plan.swapSlots, snapshot.machine.swap.total),
    ...(plan.device === true || snapshot.tasks.some(mapsDevice) ? { device: true } : {}),
  };
}

/** A task keeps its column; one that is new, or meets another there, takes the first in which nobody lives now. */
function packColumns(plan: StagePlan, { tasks, ended }: StageShape): number[][] {
  const passedBy = ended.map(({ pid }) => pid).filter((pid) => !plan.tasks.includes(pid));
  const here = [...tasks.map(({ view }) => view.pid), ...passedBy].sort((a, b) => a - b);
  const columns = plan.columns.map((column) => [...column]);
  const taken = new Set<number>();
  const without: number[] = [];
  for (const pid of here) {
    const own = columns.findIndex((column) => column.includes(pid));
    if (own >= 0 && !taken.has(own)) {
      taken.add(own);
      continue;
    }
    if (own >= 0) columns[own] = columns[own]!.filter((other) => other !== pid);
    without.push(pid);
  }
  for (const pid of without) {
    const free = columns.findIndex((_, at) => !taken.has(at));
    const at = free < 0 ? columns.push([]) - 1 : free;
    columns[at]!.push(pid);
    taken.add(at);
  }
  return columns;
}

/** With a few tasks each has a column of its own; more share those in which nobody lives any more. */
const OWN_COLUMNS = 3;

export function columnsOf(plan: StagePlan): readonly (readonly number[])[] {
  return plan.tasks.length <= OWN_COLUMNS ? plan.tasks.map((pid) => [pid]) : plan.columns;
}

/** Who a column shows: who lives there, else who ended there last, else who is still to come. */
export function occupantOf(column: readonly number[], { tasks, ended }: Pick<StageShape, 'tasks' | 'ended'>): number {
  const alive = column.find((pid) => tasks.some(({ view }) => view.pid === pid));
  return alive ?? column.findLast((pid) => ended.some((other) => other.pid === pid)) ?? column[0]!;
}

const mapsDevice = ({ vmas }: TaskSnapshot): boolean => vmas.some(({ view }) => view.backing === 'device');

/** Cells that each region of a task needs. Holes between its areas need some too. */
function cellsByRegion(task: TaskSnapshot): Map<string, number> {
  const cells = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const { view, runs } of task.vmas) {
    const hole = view.start - (ends.get(view.region) ?? view.start - view.regionOffset);
    // What a wide cell leaves at the end of a row counts as its own.
    const own = runs.reduce((sum, run) => sum + (run.pages > 1 ? WIDE_CELL + NARROWEST_WIDE - 1 : 1), 0);
    cells.set(view.region, (cells.get(view.region) ?? 0) + holeCells(hole) + own);
    ends.set(view.region, view.end);
  }
  return cells;
}

/** A hole is left as wide as its pages when short, else as a folded run. */
export const holeCells = (pages: number): number => (pages <= 8 ? pages : WIDE_CELL);

function regionBase(task: TaskSnapshot, name: string): number {
  const first = task.vmas.find(({ view }) => view.region === name)!;
  return first.view.start - first.view.regionOffset;
}
