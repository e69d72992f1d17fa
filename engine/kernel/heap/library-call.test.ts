import { describe, expect, test } from 'vitest';
import { EVENT, OPERATIONS } from '../../base/event-kinds.ts';
import { causeChain, eventsBetween } from '../../base/event-log.ts';
import { command, lab, type Lab } from '../../testing/fixtures.ts';
import { capture, encodeState, restore, unknownName, whyNot } from '../index.ts';
import { heapExtent } from './heap-state.ts';
import { pointerOf } from './pointers.ts';

const heap = (...lines: string[]): Lab => {
  const l = lab({ ramPages: 1024 });
  if (lines.length > 0) l.run(...lines);
  return l;
};

describe('names of pointers', () => {
  test('each process has its own, and a child has its parent’s', () => {
    const l = heap('p0 malloc a 100', 'p0 fork p1', 'p1 free a', 'p1 malloc b 24');
    expect(pointerOf(l.k, 0, 'a')).toMatchObject({ asked: 100, freed: 0 });
    expect(pointerOf(l.k, 1, 'a')!.freed).toBeGreaterThan(0);
    expect(pointerOf(l.k, 0, 'b')).toBeNull();
    expect(l.run('p0 malloc c 100').ret).not.toBe(pointerOf(l.k, 0, 'a'));
  });

  test('a dangling name stays, and a second name for the same bytes does not dangle', () => {
    const l = heap('p0 malloc a 100', 'p0 free a', 'p0 malloc b 100');
    const [a, b] = [pointerOf(l.k, 0, 'a')!, pointerOf(l.k, 0, 'b')!];
    expect(a.address).toBe(b.address);
    expect([a.freed > 0, b.freed]).toEqual([true, 0]);
  });

  test('numbers without a unit are bytes behind a pointer and pages of a region', () => {
    const l = heap('p0 malloc a 100', 'p0 poke a 24 0xff 7', 'p0 mmap A 2 rw', 'p0 poke A 1 9');
    expect(l.run('p0 bytes a 23 4')).toMatchObject({ bytes: [0, 255, 7, 0], pointer: true });
    expect(l.run('p0 bytes a 24b 1b').bytes).toEqual([255]);
    expect(l.run('p0 bytes A 4096b 1b').bytes).toEqual([9]);
  });

  test('a name is a pointer or a region, and what is unknown is refused', () => {
    const { k } = heap('p0 malloc a 100', 'p0 mmap A 1 rw');
    expect(whyNot(k, command('p0 malloc A 1'))).toBe('A is a region already');
    expect(whyNot(k, command('p0 mmap a 1 rw'))).toBe('a is a pointer of p0 already');
    expect(whyNot(k, command('p0 poke a 0 1'))).toBeNull();
    expect(whyNot(k, command('p0 poke b 0 1'))).toBeNull();
    expect([unknownName(k, command('p0 poke a 0 1')), unknownName(k, command('p0 poke b 0 1'))]).toEqual([null, 'b']);
  });

  test('all of it ends with the process', () => {
    const l = heap('p0 malloc a 100', 'p0 fork p1', 'p1 poke a 200 1', 'p1 exit', 'p0 free a');
    const { pointers, blocks, damage, allocators, unsorted } = l.k.heapTables;
    expect([pointers, blocks, damage, allocators].map((t) => t.liveRows)).toEqual([1, 1, 0, 1]);
    l.run('p0 malloc b 3000', 'p0 malloc wall 24', 'p0 free b');
    expect(unsorted.liveRows).toBe(1);
    l.run('p0 exit');
    expect([pointers, blocks, damage, allocators, unsorted].map((t) => t.liveRows)).toEqual([0, 0, 0, 0, 0]);
  });

  test('a name has up to 31 characters, and each of them counts', () => {
    const [x, y] = [`${'n'.repeat(30)}x`, `${'n'.repeat(30)}y`];
    const l = heap(`p0 malloc ${x} 100`, `p0 malloc ${y} 200`, `p0 free ${x}`);
    expect(pointerOf(l.k, 0, x)!.freed).toBeGreaterThan(0);
    expect(pointerOf(l.k, 0, y)).toMatchObject({ name: y, asked: 200, freed: 0 });
    expect(() => command(`p0 malloc ${x}z 100`)).toThrow(/is 32 characters long/);
  });

  test('going back in time brings them back', () => {
    const l = heap('p0 malloc a 100', 'p0 fill a 1 50', 'p0 fork p1');
    const [keyframe, before] = [capture(l.k), encodeState(l.k)];
    l.run('p0 free a', 'p1 malloc c 3000', 'p1 poke a 120 1', 'p0 exit');
    restore(l.k, keyframe);
    expect(encodeState(l.k)).toEqual(before);
    l.run('p1 malloc b 100', 'p0 free a');
  });
});

describe('calls', () => {
  test.each([
    ['p0 malloc a 24', { at: 672, usable: 24, chunkSize: 32, flags: 'P' }],
    ['p0 valloc a 24', { at: 4096, usable: 24, chunkSize: 32, flags: '' }],
    ['p0 posix_memalign a 64 100', { at: 64, usable: 104, chunkSize: 112, flags: 'P' }],
    ['p0 malloc a 200000', { at: null, pageOffset: 16, usable: 200_688, chunkSize: 200_704, flags: 'M' }],
    ['p0 reallocarray a 10 10', { at: 672, usable: 104, chunkSize: 112, flags: 'P' }],
  ])('%s', (line, block) => {
    expect(heap().run(line).library!.block).toMatchObject(block);
  });

  test('realloc to another name keeps the old block when there is no memory, and loses it to its own', () => {
    const l = heap('p0 malloc a 100', 'p0 rlimit as 120');
    expect(l.run('p0 realloc a 9000000 b')).toMatchObject({ errno: 'ENOMEM', ret: 'NULL' });
    expect(pointerOf(l.k, 0, 'b')!.address).toBe(0);
    expect(l.run('p0 usable a').ret).toBe(104);
    l.run('p0 realloc a 9000000');
    expect(pointerOf(l.k, 0, 'a')!.address).toBe(0);
  });

  test('realloc in place, moved, and to nothing', () => {
    const l = heap('p0 malloc a 100');
    expect(l.run('p0 realloc a 200').library).toMatchObject({ moved: false });
    l.run('p0 malloc wall 24');
    expect(l.run('p0 realloc a 5000 b').library).toMatchObject({ moved: true });
    expect(pointerOf(l.k, 0, 'a')!.freed).toBeGreaterThan(0);
    const gone = l.run('p0 realloc b 0 c');
    expect([gone.ret, gone.errno]).toEqual(['NULL', undefined]);
  });

  test.each([
    ['p0 posix_memalign a 3 10', 'EINVAL'],
    ['p0 posix_memalign a 24 10', 'EINVAL'],
    ['p0 aligned_alloc a 3 10', undefined],
    ['p0 malloc a -1', 'ENOMEM'],
    ['p0 calloc a 4294967296 4294967296', 'ENOMEM'],
    ['p0 reallocarray a 4294967296 4294967296', 'ENOMEM'],
  ])('%s gives %s', (line, errno) => expect(heap().run(line).errno).toBe(errno));

  // As counted with getrusage(2) around the same calls of a real program.
  test('calloc clears what the heap had before, and touches nothing of what is fresh from the kernel', () => {
    const l = heap('p0 malloc a 24');
    expect(l.run('p0 calloc old 10 10000')).toMatchObject({ min: 24, library: { zero: true } });
    expect(l.run('p0 calloc map 10 100000')).toMatchObject({ min: 1, library: { zero: true } });
    l.run('p0 mallopt top_pad 0', 'p0 mallopt mmap_threshold 33554432', 'p0 malloc w 30000');
    expect(l.run('p0 calloc fresh 10 50000')).toMatchObject({ min: 3, library: { zero: true } });
    l.run('p0 fill old 7 100000', 'p0 free old');
    expect(l.run('p0 bytes old 100 2').bytes).toEqual([7, 7]);
    expect(l.run('p0 calloc again 10 10000')).toMatchObject({ min: 0, library: { zero: true } });
  });

  test('NULL of mappings and of the break comes from the kernel', () => {
    const l = heap('p0 malloc a 24', 'p0 rlimit as 120');
    const refused = l.run('p0 malloc b 400000');
    expect(refused.errno).toBe('ENOMEM');
    const errors = eventsBetween(l.k.events, refused.firstEvent, refused.endEvent).filter(
      (e) => e.kind === EVENT.SYSCALL_ERROR,
    );
    expect(errors.map((e) => OPERATIONS[e.a])).toContain('mmap');
    expect(l.run('p0 malloc c 24').errno).toBeUndefined();
  });

  test('virtual time is the library’s path, its system calls and its faults', () => {
    const l = heap();
    const first = l.run('p0 malloc a 24');
    const { library, system, faults } = first.cost!;
    expect(library + system + faults).toBe(first.timeNs);
    expect([system > 0, faults > 0]).toEqual([true, true]);
    l.run('p0 free a');
    expect(l.run('p0 malloc b 24').cost).toMatchObject({ system: 0, faults: 0 });
  });

  test('the environment is read before the first call, and not after', () => {
    const l = heap('@env GLIBC_TUNABLES glibc.malloc.tcache_count=0', 'p0 malloc a 24', 'p0 malloc b 24');
    expect(l.run('@env MALLOC_PERTURB_ 165').errno).toBe('EBUSY');
    expect(whyNot(l.k, command('@env X 1'))).toMatch(/runs already/);
    // Without a tcache the block goes to a fastbin and back out of it.
    const freed = l.run('p0 free a');
    const moved = eventsBetween(l.k.events, freed.firstEvent, freed.endEvent).filter(
      (e) => e.kind === EVENT.CHUNK_MOVED,
    );
    expect(moved).toHaveLength(1);
  });
});

describe('a damaged heap', () => {
  test('double free: the message is glibc’s, the task ends, and the cause is the first free', () => {
    const l = heap('p0 fork p1', 'p0 malloc a 24');
    const first = l.run('p0 free a');
    const second = l.run('p0 free a');
    expect(second).toMatchObject({ sig: 'SIGABRT', reason: 'free(): double free detected in tcache 2', died: true });
    const abort = eventsBetween(l.k.events, second.firstEvent, second.endEvent).find((e) => e.kind === EVENT.ABORT)!;
    expect(causeChain(l.k.events, abort.id)[0]!.id).toBe(first.firstEvent);
  });

  test('a write after free is found later, elsewhere, and led back to', () => {
    const l = heap('@env GLIBC_TUNABLES glibc.malloc.tcache_count=0', 'p0 fork p1');
    l.run('p0 malloc a 500', 'p0 malloc wall 24', 'p0 free a');
    const write = l.run('p0 poke a 100 1', 'p0 poke a 0 1 2 3 4 5 6 7 8');
    l.run('p0 usable wall');
    const death = l.run('p0 malloc e 3000');
    expect(death).toMatchObject({ sig: 'SIGABRT', died: true });
    const abort = eventsBetween(l.k.events, death.firstEvent, death.endEvent).find((e) => e.kind === EVENT.ABORT)!;
    expect(causeChain(l.k.events, abort.id)[0]!.id).toBe(write.firstEvent);
  });

  test('a fastbin that goes round is handed out twice, and says so', () => {
    const l = heap('@env GLIBC_TUNABLES glibc.malloc.tcache_count=0', 'p0 fork p1', 'p0 malloc a 24', 'p0 malloc b 24');
    l.run('p0 free a', 'p0 free b', 'p0 free a', 'p0 fork p2', 'p0 malloc c 24', 'p0 malloc d 24');
    expect(l.run('p2 mallinfo')).toMatchObject({ sig: 'SIGKILL', reason: expect.stringContaining('damaged fastbin') as string });
    const twice = l.run('p0 malloc e 24');
    expect(eventsBetween(l.k.events, twice.firstEvent, twice.endEvent).some((e) => e.kind === EVENT.HEAP_DAMAGE)).toBe(true);
  });

  test('the program’s own bad store is caught, and it lives on', () => {
    const l = heap('p0 malloc a 200000', 'p0 free a');
    expect(l.run('p0 fill a 1 10')).toMatchObject({ sig: 'SIGSEGV', code: 'MAPERR', reason: 'no VMA' });
    expect(l.run('p0 malloc b 10').errno).toBeUndefined();
  });
}); // prettier-ignore

describe('the link in a freed block', () => {
  const linkIn = (l: Lab, name: string): string | undefined => l.run(`p0 raw ${name} 0`).library?.link;

  test('is stored mangled in the tcache and in fastbins, and decoded leads to the next block', () => {
    const l = lab({ ramPages: 512 });
    l.run('p0 loop malloc a 9 24', 'p0 malloc wall 24', 'p0 loop free a 9');
    const at = (name: string): number => pointerOf(l.k, 0, name)!.address;
    const place = (name: string): string => `heap+${at(name) - heapExtent(l.k, 0)!.start}`;
    expect(linkIn(l, 'a1')).toBe(place('a0'));
    expect(linkIn(l, 'a0')).toBe('end');
    expect(l.run('p0 raw a1 0').library!.word).not.toBe(`0x${at('a0').toString(16)}`);
    expect(linkIn(l, 'a8')).toBe(place('a7'));
    expect(linkIn(l, 'a7')).toBe('end');
    expect(linkIn(l, 'wall')).toBeUndefined();
    expect(l.run('p0 raw a1 1').library!.link).toBeUndefined();
  });

  test('is plain in a bin, and a damaged one leads out of the heap', () => {
    const l = lab({ ramPages: 512 });
    l.run('p0 malloc a 3000', 'p0 malloc v 24', 'p0 malloc b 3000', 'p0 malloc w 24', 'p0 free a', 'p0 free b');
    expect(linkIn(l, 'b')).toBe('heap+672');
    expect(linkIn(l, 'a')).toBe('end');
    l.run('p0 free v', 'p0 free w', 'p0 poke w 0 1 2 3 4 5 6 7 8');
    expect(linkIn(l, 'w')).toBe('outside');
  });

  test.each(['first', 'buddy', 'bitmap'])('of %s is its list’s, or none', (design) => {
    const l = lab({ ramPages: 512 });
    l.run(`p0 allocator ${design}`, 'p0 loop malloc a 6 100', 'p0 free a1', 'p0 free a4');
    const leads = [linkIn(l, 'a1'), linkIn(l, 'a4')];
    if (design === 'bitmap') expect(leads).toEqual([undefined, undefined]);
    else expect(leads.filter((link) => link?.startsWith('heap+')).length).toBeGreaterThan(0);
  });
});
