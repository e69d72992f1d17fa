import { expect, test } from 'vitest';
import type { Pid } from '../../base/units.ts';
import type { Command, MachineOptions } from '../../protocol/commands.ts';
import { boot, encodeState, step, TrailRecorder } from '../index.ts';

const PROGRAM = `#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
int *shared;
void fill(int n) {
  for (int i = 0; i < n; i++)
    shared[i] = i;
}
int main(void) {
  shared = malloc(64);
  fill(4);
  if (fork() == 0) {
    shared[0] = 9;
    _exit(0);
  }
  wait(0);
  shared[1] = 8;
  return 0;
}
`;
const MACHINE: MachineOptions = {
  ramPages: 128,
  swapPages: 0,
  seed: 1,
  overcommit: 0,
  image: 'bare',
  programs: [{ name: 'prog', text: PROGRAM }],
};
const EXEC: Command = { task: 0, op: 'exec', image: 'prog', args: [] };
const toLine = (line: number): Command => ({ task: 0, op: 'run', until: { kind: 'line', line } });

test('watching changes nothing: the state is the same bytes', () => {
  const [watched, alone] = [boot(MACHINE), boot(MACHINE)];
  for (const command of [EXEC, toLine(12), { task: 0, op: 'run', until: null } as const]) {
    const recorder = new TrailRecorder(watched);
    step(watched, command);
    recorder.finish();
    step(alone, command);
    expect(Buffer.compare(encodeState(watched), encodeState(alone))).toBe(0);
  }
});

test('lines, events and bytes are told of the task and the line that did it', () => {
  const k = boot(MACHINE);
  step(k, EXEC);
  step(k, toLine(11));
  const calls = new TrailRecorder(k);
  step(k, toLine(12));
  const [main] = calls.finish();
  expect(main!.lines).toEqual([5, 6, 7, 11]);
  expect(main!.changed.length).toBeGreaterThan(0);
  const forked = new TrailRecorder(k);
  step(k, { task: 0, op: 'run', until: null });
  const [parent, child] = forked.finish();
  expect([parent!.ended, child!.ended]).toEqual([true, true]);
  // Both came back from fork at line 12; what follows is each one's own.
  expect(child!.lines).toEqual([12, 13, 14]);
  expect(parent!.lines).toEqual([9, 12, 16, 17, 18]);
  expect(child!.events).toContainEqual({ line: 13, event: 'cow' });
  expect(parent!.events).toContainEqual({ line: 12, event: 'syscall' });
});

test('step out stops behind the call, in the function that made it', () => {
  const k = boot(MACHINE);
  step(k, EXEC);
  step(k, { task: 0, op: 'run', until: { kind: 'function', name: 'fill' } });
  const result = step(k, { task: 0, op: 'step', count: 1, unit: 'line', into: false, out: true });
  expect(result.program).toMatchObject({ stopped: 'there', line: 12 });
  const ended = step(k, { task: 0 as Pid, op: 'step', count: 1, unit: 'line', into: false, out: true });
  expect(ended.program).toMatchObject({ stopped: 'ended' });
});
