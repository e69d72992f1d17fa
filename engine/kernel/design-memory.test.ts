import { expect, test } from 'vitest';
import type { Pid } from '../base/units.ts';
import { DESIGN_NAMES, DESIGNS } from '../malloc/designs/index.ts';
import { lab } from '../testing/fixtures.ts';
import { TaskMallocMemory } from './malloc-memory.ts';

const OURS = DESIGN_NAMES.filter((name) => name !== 'glibc');

test.each(OURS)('%s works in simulated pages, and a child of fork goes its own way', (name) => {
  const l = lab({ ramPages: 4096 });
  const heapOf = (pid: number) => {
    const mem = new TaskMallocMemory(l.k, pid as Pid);
    const h = { mem, arena: mem.mapLibrary()!, watcher: null };
    return { h, allocator: DESIGNS[name].make(h), check: () => DESIGNS[name].check(h) };
  };
  const parent = heapOf(0);
  const blocks = Array.from({ length: 50 }, (_, i) => parent.allocator.malloc(i * 40));
  blocks.forEach((block, i) => parent.h.mem.fill(block, i * 40, i));
  const full = l.task(0).rss;
  for (let i = 0; i < 50; i += 2) parent.allocator.free(blocks[i]!);
  expect(parent.check()).toEqual([]);
  expect(l.task(0).rss).toBe(full);
  l.run('p0 fork p1');
  const child = heapOf(1);
  for (let i = 1; i < 50; i += 2) child.allocator.free(blocks[i]!);
  expect(child.check()).toEqual([]);
  expect(parent.check()).toEqual([]);
  expect(child.allocator.malloc(1500)).not.toBe(0);
  for (let i = 1; i < 50; i += 2) expect(parent.h.mem.load8(blocks[i]! + i * 40 - 1)).toBe(i);
});
