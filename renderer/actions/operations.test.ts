import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EngineHost } from '../worker/engine-host.ts';
import { operationsOn, targetOf } from './operations.ts';

const NAMES = { child: 'p7', region: 'Z', pointer: 'z', pointers: [] };

function tour() {
  const host = new EngineHost();
  const file = path.join(import.meta.dirname, '..', '..', 'scenarios', 'who-copies', 'scenario.yaml');
  host.answer('open', ['who-copies', readFileSync(file, 'utf8'), [], 4]);
  return { host, snapshot: host.answer('seek', [4]).snapshot };
}

test('a page, its area and its frame are named as the console names them', () => {
  const { snapshot } = tour();
  const child = snapshot.tasks.find(({ view }) => view.pid === 1)!;
  const area = child.vmas.find(({ view }) => view.region === 'A')!.view;
  const page = { kind: 'page', pid: 1, page: area.start + 2 } as const;
  expect(targetOf(page, snapshot)).toEqual({ pid: 1, range: 'A 2 1', locked: false });
  expect(targetOf({ kind: 'vma', pid: 1, start: area.start }, snapshot)?.range).toBe('A 0 8');
  const frame = child.vmas.flatMap(({ runs }) => runs).find((run) => run.page === page.page)!.frame;
  expect(targetOf({ kind: 'frame', frame }, snapshot)).toEqual({ pid: 1, range: 'A 2 1', locked: false });
  expect(targetOf(null, snapshot)).toEqual({ pid: 0, range: null, locked: false });
  expect(targetOf({ kind: 'page', pid: 5, page: 1 }, snapshot)).toBeNull();
});

test('every operation is a command that the engine takes', () => {
  const { snapshot } = tour();
  const area = snapshot.tasks[0]!.vmas.find(({ view }) => view.region === 'A')!.view;
  const target = targetOf({ kind: 'page', pid: 0, page: area.start + 1 }, snapshot)!;
  for (const { command } of [
    ...operationsOn(target, NAMES, true),
    ...operationsOn({ ...target, locked: true }, NAMES, false),
  ]) {
    const { host } = tour();
    expect(host.answer('type', [command]).problems, command).toEqual([]);
  }
});
