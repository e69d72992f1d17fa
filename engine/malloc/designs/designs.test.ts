import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attempt } from '../stop.ts';
import { DESIGN_NAMES, DesignRun, type DesignName } from './index.ts';

const OURS = DESIGN_NAMES.filter((name) => name !== 'glibc');
/** The same on every run; change it to look elsewhere. */
const SEED = 20_261_121;

const size = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 0, max: 60_000 }),
);
const operation = fc.record({
  op: fc.constantFrom('malloc', 'malloc', 'calloc', 'free', 'free', 'realloc', 'break'),
  bytes: size,
  pick: fc.nat(),
});
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Every block holds a byte of its own all its life, so that overlapping blocks are noticed. */
class Program {
  private readonly live: { name: string; bytes: number; mark: number }[] = [];
  private made = 0;

  constructor(readonly run: DesignRun) {}

  play(operations: readonly Operation[]): void {
    for (const { op, bytes, pick } of operations) {
      const index = this.live.length === 0 ? -1 : pick % this.live.length;
      if (op === 'break') {
        // Someone else takes a little of the break, rarely.
        if (pick % 4 === 0) this.run.memory.sbrk(1 + (bytes % 5000));
      } else if (op === 'malloc' || op === 'calloc') this.allocate(op, bytes);
      else if (index >= 0) this.giveBack(this.live.splice(index, 1)[0]!, op === 'free' ? null : bytes);
      expect(this.run.check()).toEqual([]);
    }
    for (const block of this.live) this.intact(block.name, block.bytes, block.mark);
  }

  freeAll(): void {
    for (const { name } of this.live.splice(0)) this.run.free(name);
  }

  private allocate(op: 'malloc' | 'calloc', bytes: number): void {
    const name = `b${this.made++}`;
    const block = op === 'malloc' ? this.run.malloc(name, bytes) : this.run.calloc(name, 1, bytes);
    if (block === 0) return;
    expect(block % 16).toBe(0);
    expect(this.run.allocator.usableSize(block)).toBeGreaterThanOrEqual(bytes);
    if (op === 'calloc') expect(this.run.memory.isZero(block, bytes)).toBe(true);
    this.keep(name, bytes);
  }

  private giveBack({ name, bytes, mark }: { name: string; bytes: number; mark: number }, wanted: number | null): void {
    this.intact(name, bytes, mark);
    if (wanted === null) {
      this.run.free(name);
      return;
    }
    const old = this.run.pointer(name);
    if (this.run.realloc(name, wanted + 1) === 0) {
      // Refused: the old block is as it was.
      this.run.memory.load8(old);
      this.run.allocator.free(old);
      return;
    }
    this.intact(name, Math.min(bytes, wanted + 1), mark);
    this.keep(name, wanted + 1);
  }

  private keep(name: string, bytes: number): void {
    const mark = (this.made % 250) + 1;
    this.run.memory.fill(this.run.pointer(name), bytes, mark);
    this.live.push({ name, bytes, mark });
  }

  private intact(name: string, bytes: number, mark: number): void {
    for (const at of [0, 1, 15, 16, bytes >> 1, bytes - 1]) {
      if (at >= 0 && at < bytes) expect(this.run.memory.load8(this.run.pointer(name) + at)).toBe(mark);
    }
  }
}

describe.each(OURS)('%s', (design) => {
  test('any well-defined program leaves the heap in order and its blocks alone', () => {
    const property = fc.property(fc.array(operation, { minLength: 20, maxLength: 90 }), (operations) => {
      new Program(new DesignRun(design)).play(operations);
    });
    fc.assert(property, { seed: SEED, numRuns: 15 });
  });

  test('also when the system gives little, and refuses', () => {
    const property = fc.property(fc.array(operation, { minLength: 40, maxLength: 90 }), (operations) => {
      new Program(new DesignRun(design, 100_000)).play(operations.filter(({ op }) => op !== 'break'));
    });
    fc.assert(property, { seed: SEED + 1, numRuns: 10 });
  });

  test('all given back is one free block again', () => {
    const run = new DesignRun(design);
    const program = new Program(run);
    const steady = operation.filter(({ op }) => op !== 'break');
    program.play(fc.sample(fc.array(steady, { minLength: 60, maxLength: 60 }), { seed: SEED, numRuns: 1 })[0]!);
    program.freeAll();
    expect(run.check()).toEqual([]);
    expect(run.stretches().filter(({ state }) => state === 'free')).toHaveLength(1);
    expect(run.figures()).toMatchObject({ asked: 0, inUse: 0, external: 0 });
  });

  test('parts of the heap add up to what the system gave', () => {
    const run = new DesignRun(design);
    for (let i = 0; i < 40; i++) run.malloc(`b${i}`, i * 100);
    for (let i = 0; i < 40; i += 3) run.free(`b${i}`);
    const { inUse, free, own, held, asked } = run.figures();
    expect(inUse + free + own).toBe(held);
    expect(own).toBeLessThanOrEqual(4096);
    expect(inUse).toBeGreaterThan(asked);
  });

  test('a block that is not in use cannot be given back', () => {
    const run = new DesignRun(design);
    for (const name of ['a', 'b', 'c']) run.malloc(name, 100);
    run.free('b');
    for (const [name, offset] of [
      ['b', 0],
      ['a', 16],
      ['a', 8],
      ['a', -4096],
    ] as const) {
      expect(attempt(() => run.free(name, offset))).toEqual({
        ok: false,
        stop: { kind: 'abort', message: 'free(): no block in use starts there\n' },
      });
    }
    expect(run.check()).toEqual([]);
  });

  test('more than a process can hold is refused, and so is what overflows', () => {
    const { allocator, memory } = new DesignRun(design);
    for (const call of [
      () => allocator.malloc(-1),
      () => allocator.malloc(2 ** 47),
      () => allocator.calloc(2 ** 40, 2 ** 40),
    ]) {
      memory.errno = null;
      expect([call(), memory.errno]).toEqual([0, 'ENOMEM']);
    }
    expect(allocator.usableSize(0)).toBe(0);
    expect(allocator.realloc(0, 10)).not.toBe(0);
    allocator.free(0);
  });

  test('the allocator may be made anew at any time: all that lasts is in memory', () => {
    const run = new DesignRun(design);
    run.malloc('a', 100);
    const again = run.again();
    const block = again.malloc(100);
    expect(block).not.toBe(run.pointer('a'));
    expect(run.check()).toEqual([]);
    again.free(run.pointer('a'));
    expect(run.check()).toEqual([]);
  });
});

describe('the checker notices', () => {
  const broken = (design: DesignName, damage: (run: DesignRun, middle: number) => void): string[] => {
    const run = new DesignRun(design);
    for (const name of ['a', 'b', 'c', 'd', 'e']) run.malloc(name, 100);
    run.free('b');
    run.free('d');
    expect(run.check()).toEqual([]);
    damage(run, run.pointer('b'));
    return run.check();
  };

  test.each<[string, DesignName, (run: DesignRun, block: number) => void, RegExp]>([
    ['a link that leads elsewhere', 'first', (run, b) => run.memory.store64(b, run.pointer('c')), /list/],
    ['a link back that is wrong', 'best', (run, b) => run.memory.store64(b + 8, 0), /linked both ways/],
    ['tags that differ', 'worst', (run, b) => run.memory.store8(b + 112, 0x41), /equal tags/],
    ['a free block marked used', 'next', (run, b) => run.memory.store8(b - 8, 0x81), /the list holds the free blocks/],
    ['two orders mixed up', 'buddy', (run, b) => run.memory.store32(b - 8, 2 * 6), /order|aligned|buddy|tile/],
    ['a buddy list that is cut', 'buddy', (run, b) => run.memory.store64(b, 0), /list/],
  ])('%s', (_what, design, damage, rule) => {
    expect(broken(design, damage).join('; ')).toMatch(rule);
  });

  test('a directory that says nonsense', () => {
    const bits = (run: DesignRun): number => run.stretches().find(({ state }) => state === 'own')!.address;
    const clear = broken('bitmap', (run) => run.memory.store32(bits(run), 0));
    expect(clear.join('; ')).toMatch(/first free/);
    const more = broken('bitmap', (run) => run.memory.store32(bits(run) + 8, 2 ** 32 - 1));
    expect(more.join('; ')).toMatch(/goes on with a block/);
  });
});

test('C4 what a write past the end hits: a tag, or the neighbour’s data', () => {
  const overrun = (design: DesignName): string | null => {
    const run = new DesignRun(design);
    run.malloc('a', 16);
    run.malloc('b', 16);
    for (let i = 16; i < 24; i++) run.memory.store8(run.pointer('a') + i, 0x41);
    const freed = attempt(() => run.free('a'));
    return freed.ok ? null : freed.stop.kind;
  };
  expect(overrun('first')).toBe('abort');
  expect(overrun('bitmap')).toBe(null);
});

test('next fit goes on where it was, first fit starts again', () => {
  const places = (design: DesignName): number => {
    const run = new DesignRun(design);
    for (const name of ['a', 'b', 'c']) run.malloc(name, 1000);
    run.free('a');
    run.malloc('d', 500);
    return run.pointer('d') - run.pointer('a');
  };
  expect(places('first')).toBe(0);
  expect(places('next')).toBeGreaterThan(2000);
});

test('C11 a block of 64 bytes splits a pool of 16 KiB eight times; given back, its buddies join eight times', () => {
  const run = new DesignRun('buddy');
  run.malloc('a', 56);
  const sizes = run.stretches().map(({ bytes, state }) => `${state} ${bytes}`);
  expect(sizes).toEqual(['used 64', ...[64, 128, 256, 512, 1024, 2048, 4096, 8192].map((bytes) => `free ${bytes}`)]);
  expect(run.figures()).toMatchObject({ splits: 8, merges: 0 });
  run.free('a');
  expect(run.stretches().map(({ bytes, state }) => `${state} ${bytes}`)).toEqual(['free 16384']);
  expect(run.figures()).toMatchObject({ splits: 8, merges: 8 });
});

test('C4 links lie in the freed block where a list has them; a bitmap leaves the block alone', () => {
  const freed = (design: DesignName): number[] => {
    const run = new DesignRun(design);
    for (const name of ['a', 'b']) run.malloc(name, 64);
    const block = run.pointer('a');
    run.memory.fill(block, 16, 0x5a);
    run.free('a');
    return Array.from({ length: 16 }, (_, i) => run.memory.load8(block + i));
  };
  expect(freed('bitmap').every((byte) => byte === 0x5a)).toBe(true);
  for (const design of ['first', 'buddy'] as const) expect(freed(design).some((byte) => byte !== 0x5a)).toBe(true);
});
