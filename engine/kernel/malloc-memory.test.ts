import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Pid } from '../base/units.ts';
import { attempt, makeAllocator, type Allocator } from '../malloc/index.ts';
import { lab, type Lab } from '../testing/fixtures.ts';
import { TaskMallocMemory } from './malloc-memory.ts';

interface MallocLab extends Lab {
  readonly memory: TaskMallocMemory;
  readonly allocator: Allocator;
}

/** A machine of 4,096 frames whose p0 allocates; the commands come first. */
function mallocLab(...commands: string[]): MallocLab {
  const machine = lab({ ramPages: 4096 });
  if (commands.length > 0) machine.run(...commands);
  const memory = new TaskMallocMemory(machine.k, 0 as Pid);
  const arena = memory.mapLibrary();
  return { ...machine, memory, allocator: makeAllocator(memory, arena!) };
}

describe('the allocator in simulated pages', () => {
  test('gives the same blocks as in flat memory', () => {
    const { allocator, k } = mallocLab();
    const heap = k.mms.brk[0]!;
    const script = readFileSync(new URL('../testing/recorded/malloc/random-3.jsonl', import.meta.url), 'utf8');
    const blocks = new Map<string, number>();
    let compared = 0;
    for (const text of script.trimEnd().split('\n')) {
      const line = JSON.parse(text) as { op?: string; at?: number | string; brk: number; mi: { fordblks: number } };
      const [op, name, first, second] = (line.op ?? 'state').split(' ') as [string, string, string, string];
      const block = (): number => blocks.get(name) ?? 0;
      if (op === 'malloc') blocks.set(name, allocator.malloc(Number(first)));
      if (op === 'calloc') blocks.set(name, allocator.calloc(Number(first), Number(second)));
      if (/align|posix/.test(op)) blocks.set(name, allocator.memalign(Number(first), Number(second)));
      if (op === 'realloc') blocks.set(name, allocator.realloc(block(), Number(first)));
      if (op === 'free') allocator.free(block());
      if (op === 'trim') allocator.trim(Number(name));
      if (typeof line.at === 'number') expect(block() - heap).toBe(line.at);
      if (line.op === undefined) continue;
      expect(allocator.mallinfo2().fordblks).toBe(line.mi.fordblks);
      expect(k.mms.brk[0]! - heap).toBe(line.brk);
      compared++;
    }
    expect(compared).toBeGreaterThan(60);
  });

  test('touches pages as it goes, and a small free keeps them', () => {
    const l = mallocLab();
    const before = l.task(0).rss;
    const block = l.allocator.malloc(20_000);
    // The library's two pages, the heap's first with the tcache, and the one where the top now begins.
    expect(l.task(0).rss - before).toBe(4);
    l.memory.fill(block, 20_000, 1);
    const full = l.task(0).rss;
    expect(full - before).toBe(2 + 6);
    l.allocator.free(block);
    expect(l.task(0).rss).toBe(full);
  });

  test('NULL comes from the kernel: the limit of the address space', () => {
    const l = mallocLab('p0 rlimit as 200');
    expect(l.allocator.malloc(1000)).not.toBe(0);
    expect(l.allocator.malloc(500_000)).toBe(0);
    expect(l.memory.errno).toBe('ENOMEM');
    expect(l.allocator.malloc(1000)).not.toBe(0);
  });

  test('NULL comes from the kernel: strict accounting', () => {
    const l = mallocLab('@overcommit 2');
    expect(l.allocator.malloc(6_000_000)).not.toBe(0);
    expect(l.allocator.malloc(6_000_000)).toBe(0);
    expect(l.memory.errno).toBe('ENOMEM');
  });

  test('a child has the parent’s heap, and goes its own way', () => {
    const l = mallocLab();
    const block = l.allocator.malloc(24);
    l.run('p0 fork p1');
    const memory = new TaskMallocMemory(l.k, 1 as Pid);
    const child = makeAllocator(memory, memory.mapLibrary()!);
    child.free(block);
    expect(child.malloc(24)).toBe(block);
    expect(l.allocator.malloc(24)).toBe(block + 32);
  });

  test('a foreign break is noticed, and the old top fenced off', () => {
    const l = mallocLab();
    l.allocator.malloc(1000);
    l.memory.sbrk(8192);
    const block = l.allocator.malloc(140_000 - 20_000);
    expect(l.allocator.malloc(120_000)).toBeGreaterThan(block);
    expect(l.allocator.mallinfo2().ordblks).toBeGreaterThan(1);
  });

  test('the highest mapping cannot grow into the library: it moves', () => {
    const { allocator } = mallocLab();
    const block = allocator.malloc(200_000);
    const moved = allocator.realloc(block, 300_000);
    expect(moved).toBeLessThan(block);
    expect(allocator.realloc(moved, 320_000)).toBe(moved);
  });

  test('an address that nobody mapped ends the program', () => {
    const { allocator } = mallocLab();
    expect(attempt(() => allocator.free(0x1000))).toEqual({ ok: false, stop: { kind: 'signal', signal: 'SIGSEGV' } });
  });
});
