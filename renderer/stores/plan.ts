import type { StageShape, TaskSnapshot } from '../../engine/protocol/snapshot.ts';

/**
 * Who gets a place on the stage, so that nothing moves between steps: every task and every region that the whole
 * scenario will ever show has its slot from the start, and an empty slot stays empty.
 */
export interface StagePlan {
  /** Task numbers, ascending. */
  readonly tasks: readonly number[];
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

export const EMPTY_PLAN: StagePlan = { tasks: [], slots: [], totalFrames: 0, swapSlots: 0 };

/** The plan with room for one more snapshot. */
export function extendPlan(plan: StagePlan, snapshot: StageShape): StagePlan {
  const tasks = new Set(plan.tasks);
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
    slots: [...slots.values()].sort((a, b) => b.page - a.page),
    totalFrames: snapshot.frames.total,
    swapSlots: Math.max(plan.swapSlots, snapshot.machine.swap.total),
    ...(plan.device === true || snapshot.tasks.some(mapsDevice) ? { device: true } : {}),
  };
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
