import { describe, expect, test } from 'vitest';
import { DESIGN_NAMES, DESIGNS } from '../../malloc/designs/index.ts';
import { command, lab, type Lab } from '../../testing/fixtures.ts';
import { capture, checkInvariants, encodeState, hashState, restore, step, whyNot } from '../index.ts';
import { designedHeap } from './heap-state.ts';
import { byteStates, heapListsOf, heapReport, pointerChain, reachOfBlocks } from './index.ts';

const OTHERS = DESIGN_NAMES.filter((name) => name !== 'glibc');

const heap = (...lines: string[]): Lab => {
  const l = lab({ ramPages: 1024 });
  l.run(...lines);
  return l;
};
const refusal = (l: Lab, line: string): string | null => whyNot(l.k, command(line));
const broken = (l: Lab, pid: number): readonly string[] => {
  const { design } = heapReport(l.k, pid);
  return DESIGNS[design].check(designedHeap(l.k, pid)!.view);
};

describe.each(OTHERS)('a process whose allocator is %s', (design) => {
  const start = `p0 allocator ${design}`;

  test('has its blocks in its own pages, with the design’s bookkeeping, and fills its heap', () => {
    const l = heap(start, 'p0 malloc a 100', 'p0 malloc b 1000', 'p0 calloc c 10 30', 'p0 realloc a 300', 'p0 free b');
    const report = heapReport(l.k, 0);
    expect(report).toMatchObject({ design, blocks: 2, asked: 600, pinned: 0, top: 0, tcache: 0 });
    expect(report.inUse + report.free).toBe(report.end - report.start);
    expect(report.internal).toBe(report.chunkBytes - 600);
    expect(report.external).toBe(report.free - report.largestFree);
    // A directory apart, or the bytes that align the first buddy.
    const apart = { bitmap: 4096, buddy: 8 }[design as string] ?? 0;
    expect(report.held).toBe(report.end - report.start + apart);
    expect(report.own).toBe(report.held - report.free - report.chunkBytes);
    expect(report.systemCalls).toBe(design === 'bitmap' ? 2 : 1);
    expect(broken(l, 0)).toEqual([]);
    expect(checkInvariants(l.k)).toEqual([]);
    for (const { chunks } of heapListsOf(l.k, 0)) {
      for (const at of chunks) expect(report.chunks.find(({ address }) => address === at)?.state).toBe('free');
    }
  });

  test('tells from every byte whose it is', () => {
    const l = heap(start, 'p0 malloc a 40', 'p0 malloc b 40', 'p0 malloc c 40', 'p0 fill a 7 10', 'p0 free b');
    const { start: from, end } = heapReport(l.k, 0);
    const at = (name: string): number => pointerChain(l.k, 0, name)!.address;
    expect(byteStates(l.k, 0, at('a') + 9, 2)).toEqual(['written', 'uninitialised']);
    const links = design === 'bitmap' ? 'freed' : 'metadata';
    expect(byteStates(l.k, 0, at('b'), 17)[0]).toBe(links);
    expect(byteStates(l.k, 0, at('b') + 16, 1)).toEqual(['freed']);
    expect(byteStates(l.k, 0, from, end - from)).not.toContain('outside');
    // A window says what the whole says.
    const whole = byteStates(l.k, 0, from, 400);
    for (let i = 0; i + 5 <= 400; i += 7) expect(byteStates(l.k, 0, from + i, 5)).toEqual(whole.slice(i, i + 5));
  });

  test('goes its own way in a forked child, and another program is glibc’s again', () => {
    const l = heap(start, 'p0 malloc a 100', 'p0 fork p1', 'p1 malloc b 100', 'p1 free a', 'p0 malloc d 50');
    expect(heapReport(l.k, 1)).toMatchObject({ design, blocks: 1 });
    expect(heapReport(l.k, 0)).toMatchObject({ design, blocks: 2 });
    expect([...broken(l, 0), ...broken(l, 1)]).toEqual([]);
    l.run('@image other 1 1 1 1', 'p1 exec other', 'p1 malloc x 10');
    expect(heapReport(l.k, 1).design).toBe('glibc');
    l.run('p0 exit', 'p1 exit');
    expect(l.k.heapTables.designs.liveRows + l.k.heapTables.allocators.liveRows).toBe(0);
  });

  test('dies of a pointer that is no block, and says so', () => {
    const l = heap(start, 'p0 malloc a 100', 'p0 malloc b 100', 'p0 free a');
    const died = l.run('p0 free a 16');
    expect(died).toMatchObject({ sig: 'SIGABRT', reason: 'free(): no block in use starts there' });
    expect(checkInvariants(l.k)).toEqual([]);
  });

  test('leaks are found: what nothing leads to is lost', () => {
    const l = heap(start, 'p0 malloc a 100', 'p0 malloc b 200', 'p0 store a 0 b', 'p0 null b', 'p0 malloc a 300');
    const reach = Object.fromEntries(reachOfBlocks(l.k, 0).map((block) => [block.asked, block.reach]));
    expect(reach).toEqual({ 100: 'lost', 200: 'behind', 300: 'reachable' });
  });

  test('has what glibc alone has refused, and cannot become glibc’s with a heap', () => {
    const l = heap(start, 'p0 malloc a 100');
    for (const line of ['p0 mallopt perturb 1', 'p0 memalign m 64 100', 'p0 mallinfo', 'p0 trim 0', 'p0 valloc v 10'])
      expect(refusal(l, line)).toMatch(`that is glibc's alone, and its allocator is ${design}`);
    expect(refusal(l, 'p0 allocator glibc')).toMatch('has a heap already');
    expect(refusal(l, 'p0 usable a')).toBeNull();
  });
});

test('rules of placement can be changed on one heap, for they share its layout; others cannot', () => {
  const l = heap('p0 allocator first', 'p0 malloc a 100', 'p0 free a');
  for (const design of ['best', 'worst', 'next', 'first']) expect(refusal(l, `p0 allocator ${design}`)).toBeNull();
  for (const design of ['bitmap', 'buddy', 'glibc']) expect(refusal(l, `p0 allocator ${design}`)).not.toBeNull();
  l.run('p0 allocator best', 'p0 malloc b 50');
  expect(heapReport(l.k, 0)).toMatchObject({ design: 'best', blocks: 1 });
  expect(refusal(heap('p0 malloc a 1'), 'p0 allocator best')).toMatch('has a heap already');
});

test('what glibc takes from the system is counted alike', () => {
  const l = heap('p0 malloc a 100', 'p0 malloc m 200000', 'p0 malloc n 300000', 'p0 free m');
  expect(heapReport(l.k, 0)).toMatchObject({
    design: 'glibc',
    held: 135_168 + 303_104,
    peak: 135_168 + 303_104 + 200_704,
    systemCalls: 4,
  });
  l.run('p0 fork p1', 'p1 free n');
  expect(heapReport(l.k, 1)).toMatchObject({ held: 135_168, peak: 135_168 + 303_104, systemCalls: 1 });
  l.run('p0 rlimit as 10', 'p0 malloc x 400000');
  // brk, a mapping of its own, a mapping for the heap: refused calls are calls.
  expect(heapReport(l.k, 0)).toMatchObject({ held: 135_168 + 303_104, systemCalls: 7 });
});

test('a look never touches', () => {
  for (const design of OTHERS) {
    const { k } = heap(`p0 allocator ${design}`, 'p0 malloc a 100', 'p0 malloc b 100', 'p0 free a');
    const before = encodeState(k);
    const events = k.events.next;
    heapReport(k, 0);
    heapListsOf(k, 0);
    byteStates(k, 0, heapReport(k, 0).start, 4096);
    reachOfBlocks(k, 0);
    expect(encodeState(k)).toEqual(before);
    expect(k.events.next).toBe(events);
  }
});

test('any moment of a run with other allocators is the same by any road', () => {
  const l = lab({ ramPages: 1024 });
  const lines = OTHERS.flatMap((design, i) => [
    `p0 fork p${i + 1}`,
    `p${i + 1} allocator ${design}`,
    `p${i + 1} loop malloc a 8 ${60 + 90 * i}`,
    `p${i + 1} free a3`,
    `p${i + 1} realloc a5 900`,
    `p${i + 1} malloc b 40`,
  ]);
  const hashes = lines.map((line) => {
    step(l.k, command(line));
    return hashState(l.k);
  });
  const middle = lab({ ramPages: 1024 });
  const half = Math.floor(lines.length / 2);
  for (const line of lines.slice(0, half)) step(middle.k, command(line));
  const kept = capture(middle.k);
  for (let round = 0; round < 2; round++) {
    for (let i = half; i < lines.length; i++) {
      step(middle.k, command(lines[i]!));
      expect(hashState(middle.k)).toBe(hashes[i]);
    }
    restore(middle.k, kept);
    expect(hashState(middle.k)).toBe(hashes[half - 1]);
  }
});
