import { boot, checkInvariants, step, type KernelState } from '../../../kernel/index.ts';
import { Journal } from '../../../player/journal.ts';
import type { PlannedStep } from '../../../player/run-step.ts';
import type { Command } from '../../../protocol/commands.ts';
import { median, timed } from '../interleave.ts';
import type { BenchRow } from '../row.ts';
import { machine, mapCommand, touchCommand } from './engine-rows.ts';

/** Sizes that must hold: they are reached, checked, and timed against a second. */
const FOUR_GIB = 1_048_576;
const TASKS = 1_000;
/** Pages that every task has, and writes to. */
const SHARED_PAGES = 64;
const OWN_PAGES = 4;

/** A step with one command and nothing to say or claim. */
export function plannedStep(command: Command, text: string): PlannedStep {
  const commands = [{ command, text, line: 1, column: 1 }];
  const words = { chapter: 0, say: '', note: '', mark: null, pause: false };
  return { scriptStep: 0, step: { ...words, commands, expect: [], ask: null, show: null } };
}

function manyTasks(tasks: number, frames: number): KernelState {
  const k = boot(machine(frames));
  step(k, mapCommand(SHARED_PAGES));
  step(k, touchCommand(0, SHARED_PAGES));
  for (let child = 1; child < tasks; child++) {
    step(k, { task: 0, op: 'fork', child });
    step(k, { ...touchCommand(0, OWN_PAGES, 2), task: child } as Command);
  }
  return k;
}

const taskRow: BenchRow = {
  name: 'size/tasks',
  against: 'a second: 1,000 tasks on 4 GiB, each forked and writing to 4 of 64 pages; every invariant holds',
  goal: 1,
  async measure({ rounds, quick }) {
    const tasks = quick ? 50 : TASKS;
    let k: KernelState | null = null;
    const times = Array.from({ length: rounds }, () => timed(() => (k = manyTasks(tasks, FOUR_GIB))));
    const broken = checkInvariants(k!);
    const copies = k!.machine.copies[0]!;
    const wanted = (tasks - 1) * OWN_PAGES;
    if (broken.length > 0) return { skipped: `${broken[0]!.rule} does not hold: ${broken[0]!.text}` };
    if (copies !== wanted) return { skipped: `${copies} pages were copied instead of ${wanted}` };
    const seconds = median(times);
    return { ratio: 1 / seconds, rounds, detail: `${tasks} tasks, ${copies} copies, ${seconds.toFixed(3)} s` };
  },
};

/** Opening a scenario: the machine boots, every step is played, reported and hashed. */
const openRow: BenchRow = {
  name: 'size/open',
  against: 'a second: a scenario of 20 steps on 4 GiB is opened, with the report and the hash of every step',
  goal: 1,
  async measure({ rounds, quick }) {
    const steps = [plannedStep(mapCommand(100_000), 'p0 mmap A 100000 rw')];
    for (let i = 0; i < 19; i++) steps.push(plannedStep(touchCommand(i * 500, 500, i), `p0 touch_w A ${i * 500} 500`));
    let last = '';
    const open = (): void => {
      const journal = new Journal(machine(FOUR_GIB), steps, new Map());
      for (let run = journal.next(); run !== null; run = journal.next()) last = run.report.hash;
    };
    const seconds = median(Array.from({ length: quick ? 1 : rounds }, () => timed(open)));
    return { ratio: 1 / seconds, rounds, detail: `${seconds.toFixed(3)} s, ${steps.length} steps, last hash ${last}` };
  },
};

export const SIZE_ROWS: readonly BenchRow[] = [taskRow, openRow];
