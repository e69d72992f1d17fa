import { createActor } from 'xstate';
import { pageMachine, PAGE_EVENTS, pageTable } from '../../../mm/page.machine.ts';
import { NOT_ALLOWED } from '../../../base/compile-machine.ts';
import { boot, checkInvariants, step } from '../../../kernel/index.ts';
import { interleaved, timed } from '../interleave.ts';
import type { BenchRow } from '../row.ts';
import { machine, mapCommand, touchCommand } from './engine-rows.ts';

/** Events that the page's statechart allows one after the other, round and round. */
function allowedEvents(count: number): number[] {
  const events: number[] = [];
  let state = pageTable.initial;
  for (let i = 0; events.length < count; i++) {
    const event = (i * 7 + events.length) % pageTable.events.length;
    const next = pageTable.next[state * pageTable.events.length + event]!;
    if (next === NOT_ALLOWED) continue;
    events.push(event);
    state = next;
  }
  return events;
}

const compiledTable: BenchRow = {
  name: 'statechart/table',
  against: "actor.send of XState, the page's statechart",
  goal: 500,
  async measure({ rounds, quick }) {
    const few = allowedEvents(quick ? 2_000 : 50_000);
    const repeats = 200;
    let ends = 0;
    let wanted = -1;
    const duel = await interleaved(
      rounds,
      () =>
        timed(() => {
          const { next, events } = pageTable;
          for (let r = 0; r < repeats; r++) {
            let state = pageTable.initial;
            for (let i = 0; i < few.length; i++) state = next[state * events.length + few[i]!]!;
            ends = state;
          }
        }) / repeats,
      () => {
        const actor = createActor(pageMachine).start();
        const sent = few.map((event) => ({ type: PAGE_EVENTS[event]! }));
        const seconds = timed(() => {
          for (const event of sent) actor.send(event);
        });
        wanted = pageTable.stateIndex[actor.getSnapshot().value as keyof typeof pageTable.stateIndex];
        return seconds;
      },
    );
    if (ends !== wanted) return { skipped: 'the table and the actor end in different states' };
    const each = (seconds: number): string => `${((seconds / few.length) * 1e9).toFixed(2)} ns`;
    const detail = `${each(duel.ours)} against ${each(duel.reference)} an event`;
    return { ratio: duel.reference / duel.ours, rounds, detail };
  },
};

/** Commands per second while every invariant is checked after each, against none checked. */
const checkedRow = (frames: number): BenchRow => ({
  name: `checked/${frames}`,
  against: `the same commands without checks, ${frames} frames`,
  goal: null,
  async measure({ rounds, quick }) {
    const commands = quick ? 40 : 400;
    const run = (checks: boolean): number => {
      const k = boot(machine(frames));
      const used = Math.min(32, frames >> 2);
      step(k, mapCommand(used));
      return timed(() => {
        for (let i = 0; i < commands; i++) {
          step(k, touchCommand(i % used, 1, i & 255));
          if (checks && checkInvariants(k).length > 0) throw new Error('an invariant is broken');
        }
      });
    };
    const duel = await interleaved(
      rounds,
      () => run(true),
      () => run(false),
    );
    const each = (seconds: number): string => `${Math.round(commands / seconds)} commands/s`;
    return { ratio: duel.reference / duel.ours, rounds, detail: `${each(duel.ours)} against ${each(duel.reference)}` };
  },
});

export const MACHINE_ROWS: readonly BenchRow[] = [compiledTable, checkedRow(64), checkedRow(256), checkedRow(1024)];
