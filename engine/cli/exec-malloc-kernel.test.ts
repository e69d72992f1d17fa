import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Pid } from '../base/units.ts';
import { boot, checkInvariants } from '../kernel/index.ts';
import { TaskMallocMemory } from '../kernel/malloc-memory.ts';
import { attempt, FLAT_LAYOUT, makeAllocator } from '../malloc/index.ts';
import { parseMallocScript } from '../player/commands/parse-malloc.ts';
import { randomMallocScript } from '../testing/malloc-script.ts';
import { runMallocScript } from './exec-malloc.ts';
import { MallocScriptRun } from './exec-malloc-run.ts';

const folder = new URL('../testing/recorded/malloc/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const recorded = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -'.jsonl'.length));

interface Line {
  readonly died?: string;
  readonly prev_size?: number;
}

/** A link that is printed as a number is an address, and heaps start in different places. */
const fromHeapStart = (line: Line, start: number): Line =>
  line.prev_size === undefined || line.prev_size < 2 ** 40 ? line : { ...line, prev_size: line.prev_size - start };

/** The steps of a script whose allocator works in the pages of a simulated process, and how many frames those took. */
function overTheKernel(
  script: string,
  ramPages: number,
  seed = 1,
): { readonly lines: unknown[]; readonly rss: number } {
  const { commands, environment } = parseMallocScript(script);
  const k = boot({ ramPages, swapPages: 0, seed, overcommit: 0, image: 'bare' });
  const memory = new TaskMallocMemory(k, 0 as Pid);
  const heapStart = memory.breakAddress;
  const allocator = makeAllocator(memory, memory.mapLibrary()!, environment);
  const run = new MallocScriptRun(allocator, memory, heapStart);
  const lines: unknown[] = [];
  for (const [i, { command, text: op }] of commands.entries()) {
    const done = attempt(() => run.step(command));
    const fields = done.ok
      ? done.value.map(([name, json]) => `"${name}":${json}`).join(',')
      : `"stopped":"${done.stop.kind}"`;
    lines.push(
      fromHeapStart(
        JSON.parse(`{"step":${i + 1},"op":${JSON.stringify(op)}${fields === '' ? '' : `,${fields}`}}`) as Line,
        heapStart,
      ),
    );
    if (!done.ok) break;
  }
  expect(checkInvariants(k)).toEqual([]);
  return { lines, rss: k.mms.rssAnon[0]! };
}

/** More frames than the largest request that was granted, so that the same ones are granted here. */
function framesFor(name: string): number {
  const sizes = [...text(`${name}.jsonl`).matchAll(/"(?:csize|hblkhd|arena)":(\d+)/g)].map(([, digits]) =>
    Number(digits),
  );
  return 8192 + Math.ceil(Math.max(0, ...sizes.filter((size) => size < 2 ** 29)) / 4096);
}

/** A death is told apart by its kind alone: who dies of it is the kernel's business. */
function expected(lines: string): unknown[] {
  return lines
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const { died, ...rest } = fromHeapStart(JSON.parse(line) as Line, FLAT_LAYOUT.heap);
      if (died === undefined) return rest;
      return { ...rest, stopped: died === 'SIGABRT' ? 'abort' : died.startsWith('endless') ? 'loop' : 'signal' };
    });
}

/**
 * This one frees the tcache's random key as if it were a chunk's size. Where the key has the bit of a thread's arena,
 * glibc looks for that arena's header where nothing is, and dies of a fault; where not, it complains as recorded.
 */
const DEPENDS_ON_KEY = 'broken-595';

/** `npm run fuzz -- --seeds A-B` sets these. */
const [firstSeed, lastSeed] = (process.env.FAULTLINE_SEEDS ?? '1-25').split('-').map(Number) as [number, number];

/** The lines that flat memory gives, which `faultline verify` holds against the real library's. */
function inFlatMemory(script: string): string {
  const lines: string[] = [];
  runMallocScript(parseMallocScript(script), 1, { out: (line) => void lines.push(line) });
  return lines.join('');
}

test(`random scripts go alike in flat memory and in simulated pages, seeds ${firstSeed} to ${lastSeed}`, () => {
  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    const script = randomMallocScript(seed, 'defined');
    expect(overTheKernel(script, 65_536).lines, `seed ${seed}`).toEqual(expected(inFlatMemory(script)));
  }
});

describe('in simulated pages the allocator does what it did on the real system', () => {
  test.each([
    [1, 'signal'],
    [2, 'abort'],
  ] as const)(`${DEPENDS_ON_KEY} with the key of seed %i ends in %s`, (seed, end) => {
    const { lines } = overTheKernel(text(`${DEPENDS_ON_KEY}.txt`), framesFor(DEPENDS_ON_KEY), seed);
    const wanted = expected(text(`${DEPENDS_ON_KEY}.jsonl`));
    expect(lines.slice(0, -1)).toEqual(wanted.slice(0, -1));
    expect(lines.at(-1)).toEqual({ ...(wanted.at(-1) as object), stopped: end });
  });

  test.each(recorded.filter((name) => name !== DEPENDS_ON_KEY))('%s', (name) => {
    const { lines, rss } = overTheKernel(text(`${name}.txt`), framesFor(name));
    expect(lines).toEqual(expected(text(`${name}.jsonl`)));
    expect(rss).toBeGreaterThan(0);
  });
});
