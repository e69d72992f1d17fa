import { describe, expect, it } from 'vitest';
import type { Pid } from '../base/units.ts';
import type { KernelState } from '../kernel/index.ts';
import { lab } from '../testing/fixtures.ts';
import { watchColumn } from '../testing/watch-column.ts';
import { edgesOf } from '../testing/machine-edges.ts';
import { taskMachine, TASK_STATES, type TaskEvent, type TaskStateName } from './task.machine.ts';
import { sendTask, taskState } from './task.ts';

const edges = edgesOf(taskMachine);
const EVENTS = [...new Set(edges.map((edge) => edge.event))] as TaskEvent[];

/** Brings row 1 into a state by force; only its number matters to the statechart. */
function inState(state: TaskStateName) {
  const l = lab();
  l.run('p0 fork p1');
  l.k.tasks.state[1] = TASK_STATES.indexOf(state);
  return l.k;
}

/** What drives an edge in the real kernel: commands before, the command, and the task it shows in. */
const DRIVEN: Readonly<Record<string, { before: string[]; command: string; task?: number }>> = {
  'new fork.done': { before: [], command: 'p0 fork p1' },
  'new fork.failed': { before: ['@overcommit 2', 'p0 mmap A 30%ram rw'], command: 'p0 fork p1' },
  'runnable task.dispatch': { before: ['p0 fork p1'], command: 'p1 state' },
  'runnable signal.kill': { before: ['p0 fork p1'], command: 'p1 kill' },
  'runnable signal.stop': { before: ['p0 fork p1'], command: 'p0 kill p1 STOP' },
  'running task.preempt': { before: ['p0 fork p1'], command: 'p1 state', task: 0 },
  'running fault.wait': { before: ['p0 fork p1', 'p1 state'], command: 'p1 block' },
  'running signal.stop': { before: ['p0 fork p1', 'p1 state'], command: 'p1 kill p1 TSTP' },
  'running signal.kill': { before: ['p0 fork p1', 'p1 state'], command: 'p1 kill p1 TERM' },
  'running task.exit': { before: ['p0 fork p1', 'p1 state'], command: 'p1 exit 3' },
  'blocked fault.served': { before: ['p0 fork p1', 'p1 state', 'p1 block'], command: 'p1 unblock' },
  'stopped signal.continue': { before: ['p0 fork p1', 'p1 kill STOP'], command: 'p0 kill p1 CONT' },
  'stopped signal.kill': { before: ['p0 fork p1', 'p1 kill STOP'], command: 'p0 kill p1 KILL' },
  'zombie task.reap': { before: ['p0 sigaction CHLD default', 'p0 fork p1', 'p1 exit'], command: 'p0 wait p1' },
};

/** Steps of a task's statechart while a command runs. */
function stepsOf(k: KernelState, task: number, run: () => void): string[] {
  const steps: string[] = [];
  const seen = (row: number, from: number, to: number): void => {
    if (row === task) steps.push(`${TASK_STATES[from]} ${TASK_STATES[to]}`);
  };
  watchColumn(k.tasks, 'state', seen, run);
  return steps;
}

describe('task.machine', () => {
  it('has 14 edges between 7 states', () => {
    expect(edges).toHaveLength(14);
    expect(new Set(edges.flatMap((edge) => [edge.from, edge.to])).size).toBe(TASK_STATES.length);
  });

  it.each(edges)('$from $event leads to $to', ({ from, event, to }) => {
    const k = inState(from as TaskStateName);
    sendTask(k, 1 as Pid, event as TaskEvent);
    expect(taskState(k, 1 as Pid)).toBe(to);
  });

  it('has every edge driven by commands', () => {
    expect(Object.keys(DRIVEN).sort()).toEqual(edges.map(({ from, event }) => `${from} ${event}`).sort());
  });

  it.each(Object.entries(DRIVEN))('%s happens in the kernel', (edge, { before, command, task = 1 }) => {
    const l = lab();
    l.run('p0 state', ...before);
    const wanted = edges.find(({ from, event }) => `${from} ${event}` === edge)!;
    expect(stepsOf(l.k, task, () => l.run(command))).toContain(`${wanted.from} ${wanted.to}`);
  });

  it('refuses every event that it does not name, in every state', () => {
    let refused = 0;
    for (const state of TASK_STATES) {
      for (const event of EVENTS) {
        if (edges.some((edge) => edge.from === state && edge.event === event)) continue;
        const k = inState(state);
        expect(() => sendTask(k, 1 as Pid, event)).toThrow(`task.machine allows ${event} in ${state}`);
        refused++;
      }
    }
    expect(refused).toBe(TASK_STATES.length * EVENTS.length - edges.length);
  });

  it('runs one task at a time', () => {
    const l = lab();
    l.run('p0 fork p1', 'p1 fork p2', 'p2 state');
    expect([0, 1, 2].map((task) => l.task(task).state)).toEqual(['runnable', 'runnable', 'running']);
  });
});
