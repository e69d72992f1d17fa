import { setup } from 'xstate';
import { compileMachine } from '../base/compile-machine.ts';

/**
 * The life of a task. Events are named subject.verb; the kernel steps this machine with XState itself, because they
 * come a few times a command and not once a page. Source of the states: Linux include/linux/sched.h.
 */
export const taskMachine = setup({
  types: { events: {} as { type: TaskEvent } },
}).createMachine({
  id: 'task',
  initial: 'new',
  states: {
    new: {
      on: {
        'fork.done': 'runnable',
        // fork failed half way: nobody ever saw the child
        'fork.failed': 'reaped',
      },
    },
    runnable: {
      on: { 'task.dispatch': 'running', 'signal.kill': 'zombie', 'signal.stop': 'stopped' },
    },
    running: {
      on: {
        'task.preempt': 'runnable',
        'fault.wait': 'blocked',
        'signal.stop': 'stopped',
        'signal.kill': 'zombie',
        'task.exit': 'zombie',
      },
    },
    blocked: {
      // state D: no signal ends it, not even SIGKILL
      on: { 'fault.served': 'runnable' },
    },
    stopped: {
      on: { 'signal.continue': 'runnable', 'signal.kill': 'zombie' },
    },
    zombie: {
      on: { 'task.reap': 'reaped' },
    },
    reaped: { type: 'final' },
  },
});

/** In the order of their numbers in the state. */
export const TASK_STATES = ['new', 'runnable', 'running', 'blocked', 'stopped', 'zombie', 'reaped'] as const;
export type TaskStateName = (typeof TASK_STATES)[number];
export const TASK_EVENTS = [
  'fork.done',
  'fork.failed',
  'task.dispatch',
  'task.preempt',
  'task.exit',
  'task.reap',
  'fault.wait',
  'fault.served',
  'signal.kill',
  'signal.stop',
  'signal.continue',
] as const;
export type TaskEvent = (typeof TASK_EVENTS)[number];

/** What the statechart's picture is drawn from, and where its steps are counted. */
export const taskTable = compileMachine(taskMachine, TASK_STATES, TASK_EVENTS);
