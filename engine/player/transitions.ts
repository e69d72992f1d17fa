import { NOT_ALLOWED, type CompiledMachine } from '../base/compile-machine.ts';
import { chunkTable } from '../malloc/chunk.machine.ts';
import { pageTable } from '../mm/page.machine.ts';
import { pmdTable } from '../mm/pmd.machine.ts';
import { pressureTable } from '../mm/pressure.machine.ts';
import { slotTable } from '../mm/slot.machine.ts';
import { oomTable } from '../proc/oom.machine.ts';
import { taskTable } from '../proc/task.machine.ts';
import { STATECHARTS, type StatechartName, type Transition } from '../protocol/statechart-look.ts';
import { playerTable } from './player.machine.ts';

/** The lab's statecharts, as the tables compiled from their XState definitions. */
export const TABLES: Readonly<Record<StatechartName, CompiledMachine<string, string>>> = {
  task: taskTable,
  page: pageTable,
  pmd: pmdTable,
  slot: slotTable,
  pressure: pressureTable,
  oom: oomTable,
  chunk: chunkTable,
  player: playerTable,
};

/** How often a stretch of work took which transition: by statechart, the cells of its table that were taken. */
export type TakenTransitions = Readonly<Partial<Record<StatechartName, ReadonlyMap<number, number>>>>;

/** Begins to watch; the function that comes back tells what was taken since. */
export function watchTransitions(): () => TakenTransitions {
  const before = STATECHARTS.map((name) => TABLES[name].taken.slice());
  return () =>
    Object.fromEntries(
      STATECHARTS.flatMap((name, i) => {
        const cells = differences(before[i]!, TABLES[name].taken);
        return cells.size === 0 ? [] : [[name, cells]];
      }),
    );
}

function differences(before: Uint32Array, after: Uint32Array): Map<number, number> {
  const cells = new Map<number, number>();
  for (let cell = 0; cell < after.length; cell++) {
    const times = (after[cell]! - before[cell]!) >>> 0;
    if (times > 0) cells.set(cell, times);
  }
  return cells;
}

/** All transitions that a statechart allows, with how often they were taken. */
export function transitionsOf(name: StatechartName, taken: TakenTransitions): Transition[] {
  const { states, events, next } = TABLES[name];
  const transitions: Transition[] = [];
  next.forEach((to, cell) => {
    if (to === NOT_ALLOWED) return;
    const from = states[Math.floor(cell / events.length)]!;
    transitions.push({
      from,
      event: events[cell % events.length]!,
      to: states[to]!,
      times: taken[name]?.get(cell) ?? 0,
    });
  });
  return transitions;
}
