import { describe, expect, it } from 'vitest';
import type { Pid } from '../base/units.ts';
import { lab } from '../testing/fixtures.ts';
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

/** What drives an edge in the real kernel: commands before, the command, and the state of which task it shows in. */
const DRIVEN: Readonly<Record<string, { before: string[]; command: string; task: number }>> = {
  'runnable task.dispatch': { before: ['p0 fork p1'], command: 'p1 state', task: 1 },
  'running task.preempt': { before: ['p0 fork p1'], command: 'p1 state', task: 0 },
};

describe('task.machine', () => {
  it('has 15 edges between 7 states', () => {
    expect(edges).toHaveLength(15);
    expect(new Set(edges.flatMap((edge) => [edge.from, edge.to])).size).toBe(TASK_STATES.length);
  });

  it.each(edges)('$from $event leads to $to', ({ from, event, to }) => {
    const k = inState(from as TaskStateName);
    sendTask(k, 1 as Pid, event as TaskEvent);
    expect(taskState(k, 1 as Pid)).toBe(to);
  });

  it.each(Object.entries(DRIVEN))('%s happens in the kernel', (edge, { before, command, task }) => {
    const l = lab();
    l.run(...before);
    expect(edge.startsWith(l.task(task).state)).toBe(true);
    l.run(command);
    const to = edges.find(({ from, event }) => `${from} ${event}` === edge)!.to;
    expect(l.task(task).state).toBe(to);
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
