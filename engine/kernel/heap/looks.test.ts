import { describe, expect, test } from 'vitest';
import { lab, type Lab } from '../../testing/fixtures.ts';
import type { FootprintPoint } from '../../protocol/player.ts';
import { encodeState } from '../index.ts';
import {
  blocksOf,
  byteStates,
  chunksInPage,
  Footprints,
  heapReport,
  mappedBlocksInPage,
  pointerChain,
  pointersOf,
  reachOfBlocks,
} from './index.ts';

const heap = (...lines: string[]): Lab => {
  const l = lab({ ramPages: 1024 });
  l.run(...lines);
  return l;
};
const NO_CACHE = '@env GLIBC_TUNABLES glibc.malloc.tcache_count=0';

describe('a heap in figures', () => {
  test('all of it is in use or free, and the blocks are those of the program', () => {
    const { k } = heap('p0 malloc a 13', 'p0 malloc b 3000', 'p0 malloc c 200000', 'p0 free b');
    const report = heapReport(k, 0);
    expect(report.inUse + report.free).toBe(report.end - report.start);
    expect(report).toMatchObject({ blocks: 2, asked: 200_013, usable: 24 + 200_688, mapped: 200_704 });
    expect(report.chunkBytes).toBe(32 + 200_704);
    expect(report.largestFree).toBe(report.top);
  });

  test('a live block at the end pins what is free below; a cached one does too', () => {
    const l = heap(NO_CACHE, 'p0 malloc a 5000', 'p0 malloc pin 24', 'p0 free a');
    const { pinned, pin, chunks } = heapReport(l.k, 0);
    expect(pinned).toBe(5008);
    expect(chunks[pin]!.names).toEqual(['pin']);
    expect(heapReport(heap('p0 malloc a 5000', 'p0 malloc pin 24', 'p0 free a', 'p0 free pin').k, 0).pinned).toBe(5008);
    l.run('p0 free pin', 'p0 malloc big 3000');
    expect(heapReport(l.k, 0).pinned).toBe(0);
  });

  test('of a process without a heap there is nothing', () => {
    expect(heapReport(heap('p0 state').k, 0)).toMatchObject({ end: 0, chunks: [], blocks: 0 });
  });
});

describe('from a pointer to the frame and back', () => {
  test('pointer, block, chunk, page', () => {
    const l = heap('p0 malloc a 100', 'p0 malloc b 5000');
    const chain = pointerChain(l.k, 0, 'b')!;
    expect(chain.chunk!.address).toBe(chain.address - 16);
    expect([chain.block!.asked, chain.dangling, chain.pages]).toEqual([5000, false, 2]);
    expect(chunksInPage(l.k, 0, chain.page).flatMap((c) => c.names)).toEqual(['a', 'b']);
    expect(chunksInPage(l.k, 0, chain.page + 1).flatMap((c) => c.names)).toEqual(['b']);
  });

  test('a mapped block, and a pointer that dangles', () => {
    const l = heap('p0 malloc m 200000', 'p0 malloc a 100');
    const { page } = pointerChain(l.k, 0, 'm')!;
    expect(mappedBlocksInPage(l.k, 0, page + 5).map((b) => b.asked)).toEqual([200_000]);
    l.run('p0 free m', 'p0 free a');
    expect(pointerChain(l.k, 0, 'a')).toMatchObject({ dangling: true, block: null });
    expect(mappedBlocksInPage(l.k, 0, page)).toEqual([]);
  });
});

describe('what a byte is', () => {
  const states = (l: Lab, name: string, offset: number, length: number): string[] =>
    byteStates(l.k, 0, pointerChain(l.k, 0, name)!.address + offset, length);

  test('of a live block: written, not yet written, not asked for', () => {
    const l = heap('p0 malloc a 10', 'p0 poke a 2 1 2 3', 'p0 poke a 7 1');
    const [u, w] = ['uninitialised', 'written'];
    expect(states(l, 'a', 0, 12)).toEqual([u, u, w, w, w, u, u, w, u, u, 'slack', 'slack']);
    expect(states(l, 'a', -16, 16)).toEqual(Array.from({ length: 16 }, () => 'metadata'));
  });

  test('of a free one: links, old data, poison', () => {
    const l = heap('p0 malloc a 100', 'p0 malloc wall 24', 'p0 free a');
    expect(states(l, 'a', 0, 18).slice(15)).toEqual(['metadata', 'freed', 'freed']);
    // Its last word lies in the next chunk's header.
    expect(states(l, 'a', 100, 8)).toEqual([
      ...Array.from({ length: 4 }, () => 'freed'),
      'metadata',
      'metadata',
      'metadata',
      'metadata',
    ]);
    const poisoned = heap(
      NO_CACHE,
      'p0 malloc z 24',
      'p0 mallopt perturb 165',
      'p0 malloc a 500',
      'p0 malloc wall 24',
      'p0 free a',
    );
    expect(states(poisoned, 'a', 14, 4)).toEqual(['metadata', 'metadata', 'poison', 'poison']);
  });

  test('what was written moves along with realloc, stays with the parent at a fork, and is gone after free', () => {
    const l = heap(
      'p0 malloc a 100',
      'p0 fill a 1 50',
      'p0 malloc wall 24',
      'p0 realloc a 5000 b',
      'p0 fork p1',
      'p1 poke b 60 1',
    );
    expect(states(l, 'b', 49, 2)).toEqual(['written', 'uninitialised']);
    expect(byteStates(l.k, 1, pointerChain(l.k, 1, 'b')!.address + 60, 1)).toEqual(['written']);
    expect(states(l, 'b', 60, 1)).toEqual(['uninitialised']);
    l.run('p0 free b', 'p0 malloc c 5000');
    expect(states(l, 'c', 0, 1)).toEqual(['uninitialised']);
  });

  test('calloc writes all of its block; the cache’s own block is the allocator’s', () => {
    const l = heap('p0 calloc a 10 10');
    expect(new Set(states(l, 'a', 0, 100))).toEqual(new Set(['written']));
    expect(states(l, 'a', -100, 1)).toEqual(['metadata']);
    expect(states(l, 'a', 200, 1)).toEqual(['top']);
    expect(states(l, 'a', 10_000_000, 1)).toEqual(['outside']);
  });
});

describe('leaks', () => {
  const reach = (l: Lab): Record<number, string> =>
    Object.fromEntries(reachOfBlocks(l.k, 0).map((block) => [block.asked, block.reach]));

  test('a block that only a lost block leads to is behind it; a ring has one that is lost', () => {
    const l = heap(
      'p0 malloc a 100',
      'p0 malloc b 200',
      'p0 malloc c 300',
      'p0 store a 8 b',
      'p0 store b 0 c',
      'p0 store c 0 a',
    );
    expect(reach(l)).toEqual({ 100: 'reachable', 200: 'reachable', 300: 'reachable' });
    l.run('p0 null b', 'p0 null c');
    expect(reach(l)).toEqual({ 100: 'reachable', 200: 'reachable', 300: 'reachable' });
    l.run('p0 null a');
    expect(reach(l)).toEqual({ 100: 'lost', 200: 'behind', 300: 'behind' });
  });

  test('of a chain that nothing leads to only its head is lost, whichever way it lies', () => {
    const chain = ['p0 malloc a 100', 'p0 malloc b 200', 'p0 malloc c 300', 'p0 store c 0 b', 'p0 store b 0 a'];
    const l = heap(...chain, 'p0 null a', 'p0 null b', 'p0 null c');
    expect(reach(l)).toEqual({ 100: 'behind', 200: 'behind', 300: 'lost' });
    const ring = heap(...chain, 'p0 store a 0 b', 'p0 null a', 'p0 null b', 'p0 null c');
    expect(reach(ring)).toEqual({ 100: 'behind', 200: 'behind', 300: 'lost' });
  });

  test('a pointer into the middle counts, and one that lies in other memory of the program', () => {
    const l = heap('p0 malloc a 100', 'p0 mmap A 1 rw', 'p0 malloc b 200');
    const { address } = pointersOf(l.k, 0).find(({ name }) => name === 'b')!;
    const bytes = Array.from({ length: 8 }, (_, i) => Math.floor((address + 40) / 256 ** i) % 256);
    l.run(`p0 poke A 16b ${bytes.join(' ')}`, 'p0 null a', 'p0 null b');
    expect(reach(l)).toEqual({ 100: 'lost', 200: 'reachable' });
  });

  test('each is traced to the call that allocated it', () => {
    const l = heap('p0 malloc a 100');
    const leaking = l.run('p0 malloc a 200');
    const [lost] = reachOfBlocks(l.k, 0).filter((block) => block.reach === 'lost');
    expect(lost).toMatchObject({ asked: 100 });
    expect(lost!.born).toBeLessThan(leaking.firstEvent);
  });
});

describe('the footprint', () => {
  test('tells behind each command which processes have other figures, and what made it so', () => {
    const l = lab({ ramPages: 1024 });
    const tracked = new Footprints(l.k);
    const after = (line: string): FootprintPoint[] => {
      const { firstEvent } = l.run(line);
      const points = tracked.changes(firstEvent);
      for (const { event, rss, pid } of points) {
        expect(event).toBe(firstEvent);
        if (l.k.tasks.used[pid] === 1) expect(rss).toBe(l.task(pid).rss * 4096);
      }
      return points;
    };
    expect(after('p0 state')).toEqual([]);
    expect(after('p0 malloc a 1000')).toMatchObject([{ pid: 0, asked: 1000, held: 135_168, heap: 135_168 }]);
    expect(after('p0 malloc m 200000')).toMatchObject([{ asked: 201_000, held: 135_168 + 200_704, heap: 135_168 }]);
    expect(after('p0 fill m 1 8192')).toMatchObject([{ asked: 201_000 }]);
    expect(after('p0 realloc a 5000')).toMatchObject([{ asked: 205_000 }]);
    expect(after('p0 fork p1')).toMatchObject([{ pid: 1, asked: 205_000, held: 135_168 + 200_704 }]);
    expect(after('p1 free m')).toMatchObject([{ pid: 1, asked: 5000, held: 135_168 }]);
    expect(after('p0 free a')).toMatchObject([{ pid: 0, asked: 200_000 }]);
    expect(after('p1 exit')).toMatchObject([{ pid: 1, asked: null, held: 0, heap: 0, rss: 0 }]);
  });

  test('sees the pages that another process’s request sends to swap', () => {
    const l = lab({ ramPages: 96, swapPages: 64 });
    l.run('p0 malloc a 100000', 'p0 fill a 1 100000', 'p0 fork p1', 'p1 exec program');
    const tracked = new Footprints(l.k);
    let shrank = false;
    for (let i = 0; i < 6 && !shrank; i++) {
      const { firstEvent } = l.run(`p1 malloc b${i} 40000`, `p1 fill b${i} 1 40000`);
      shrank = tracked.changes(firstEvent).some(({ pid }) => pid === 0);
    }
    expect(shrank).toBe(true);
  });
});

test('a look never touches', () => {
  const { k } = heap('p0 malloc a 100', 'p0 free a', 'p0 malloc b 5000', 'p0 fork p1');
  const before = encodeState(k);
  const events = k.events.next;
  for (const pid of [0, 1, 7]) {
    heapReport(k, pid);
    reachOfBlocks(k, pid);
    blocksOf(k, pid);
    pointersOf(k, pid);
    new Footprints(k).changes(0);
    pointerChain(k, pid, 'b');
    chunksInPage(k, pid, 0x555555594);
    byteStates(k, pid, 0x555555594000, 64);
  }
  expect(encodeState(k)).toEqual(before);
  expect(k.events.next).toBe(events);
});
