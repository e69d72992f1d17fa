import { describe, expect, it } from 'vitest';
import { EVENT } from '../../base/event-kinds.ts';
import { eventsBetween } from '../../base/event-log.ts';
import { FRAME, PG, PTE, VM } from '../../base/flags.ts';
import { isLive } from '../../base/table.ts';
import type { Pid } from '../../base/units.ts';
import type { CommandResult } from '../../protocol/commands.ts';
import { fuzzCase } from '../../testing/fuzz-script.ts';
import { command } from '../../testing/fixtures.ts';
import { report, runCase, type Watch } from '../../testing/fuzz.ts';
import { watchColumn } from '../../testing/watch-column.ts';
import { boot } from '../boot.ts';
import { peekMachine } from '../peek.ts';
import type { KernelState } from '../state.ts';
import { step } from '../step.ts';
import { whyNot } from '../why-not.ts';
import { machineFileText, taskFileText } from './index.ts';

type Figures = Readonly<Record<string, number>>;

const vmstat = (k: KernelState): Figures =>
  Object.fromEntries(
    machineFileText(k, 'vmstat')
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name, value]) => [name!, Number(value)]),
  );
/** In pages. */
const meminfo = (k: KernelState): Figures =>
  Object.fromEntries([...machineFileText(k, 'meminfo').matchAll(/^(\S+): +(\d+) kB$/gm)].map(([, name, kb]) => [name!, Number(kb) / 4])); // prettier-ignore

/** Frames that page table entries of level 1 map, and whether any of the areas is locked. */
function mapped(k: KernelState): Map<number, boolean> {
  const found = new Map<number, boolean>();
  const { tables, vmas } = k;
  const rows = Array.from({ length: vmas.rows }, (_, vma) => vma).filter((vma) => isLive(vmas, vma));
  const locked = rows.filter((vma) => (vmas.flags[vma]! & VM.LOCKED) !== 0);
  for (let table = 0; table < tables.rows; table++) {
    if (!isLive(tables, table) || tables.level[table] !== 1 || tables.used[table] === 0) continue;
    const areas = locked.filter((vma) => vmas.mm[vma] === tables.mm[table]);
    for (let i = 0; i < 512; i++) {
      const low = tables.words[table * 1024 + i * 2]!;
      if ((low & (PTE.PRESENT | PTE.PROTNONE)) === 0 || (low & PTE.SPECIAL) !== 0) continue;
      const page = tables.base[table]! + i;
      const isLocked = areas.some((vma) => vmas.start[vma]! <= page && page < vmas.end[vma]!);
      found.set(low >>> 12, found.get(low >>> 12) === true || isLocked);
    }
  }
  return found;
}

/** After mremap(MREMAP_DONTUNMAP) pages stay locked without a locked area: nobody could recount them. */
const leftLocked = (k: KernelState): boolean => k.mms.lockedStale.subarray(0, k.mms.rows).some((pages) => pages > 0);

/** Every figure of now that can be had from the frames and the page tables alone. */
function recounted(k: KernelState): Figures {
  const { frames } = k;
  const entries = mapped(k);
  const all = Array.from({ length: frames.rows }, (_, frame) => frame);
  const count = (test: (frame: number) => boolean): number => all.filter(test).length;
  const is = (frame: number, kind: number): boolean => frames.kind[frame] === kind;
  const cached = (frame: number): boolean => is(frame, FRAME.FILE) || is(frame, FRAME.SHMEM);
  const lists = Array.from({ length: 5 }, () => 0);
  for (const frame of all) if (frames.lru[frame]! > 0) lists[frames.lru[frame]! - 1]!++;
  const writing = Array.from({ length: k.swapSlots.rows }, (_, slot) => slot).filter((slot) => k.swapSlots.state[slot] === 2);
  expect(writing).toEqual([]); // writes end with the command
  return {
    nr_free_pages: count((f) => is(f, FRAME.FREE)),
    nr_inactive_anon: lists[0]!,
    nr_active_anon: lists[1]!,
    nr_inactive_file: lists[2]!,
    nr_active_file: lists[3]!,
    nr_unevictable: lists[4]!,
    nr_mlock: count((f) => entries.get(f) === true),
    nr_anon_pages: count((f) => is(f, FRAME.ANON) && entries.has(f)),
    nr_mapped: count((f) => cached(f) && entries.has(f)),
    nr_file_pages: count((f) => cached(f) || (frames.slot[f]! >= 0 && is(f, FRAME.ANON))),
    nr_shmem: count((f) => is(f, FRAME.SHMEM)),
    nr_dirty: count((f) => is(f, FRAME.FILE) && (frames.flags[f]! & PG.DIRTY) !== 0),
    nr_writeback: count((f) => is(f, FRAME.FILE) && (frames.flags[f]! & PG.WRITEBACK) !== 0),
    nr_page_table_pages: Array.from({ length: k.tables.rows }, (_, t) => t).filter((t) => isLive(k.tables, t)).length,
    nr_swapcached: count((f) => frames.slot[f]! >= 0),
  };
} // prettier-ignore

/** /proc/meminfo says the same in its own words. */
const IN_MEMINFO: readonly (readonly [string, (v: Figures) => number])[] = [
  ['MemFree', (v) => v.nr_free_pages!],
  ['Cached', (v) => v.nr_file_pages! - v.nr_swapcached!],
  ['SwapCached', (v) => v.nr_swapcached!],
  ['Active', (v) => v.nr_active_anon! + v.nr_active_file!],
  ['Inactive', (v) => v.nr_inactive_anon! + v.nr_inactive_file!],
  ['Active(anon)', (v) => v.nr_active_anon!],
  ['Inactive(anon)', (v) => v.nr_inactive_anon!],
  ['Active(file)', (v) => v.nr_active_file!],
  ['Inactive(file)', (v) => v.nr_inactive_file!],
  ['Unevictable', (v) => v.nr_unevictable!],
  ['Mlocked', (v) => v.nr_mlock!],
  ['Dirty', (v) => v.nr_dirty!],
  ['Writeback', (v) => v.nr_writeback!],
  ['AnonPages', (v) => v.nr_anon_pages!],
  ['Mapped', (v) => v.nr_mapped!],
  ['Shmem', (v) => v.nr_shmem!],
  ['PageTables', (v) => v.nr_page_table_pages!],
];

/** What the events of a command add to the counters since boot. */
function counted(k: KernelState, { firstEvent, endEvent }: CommandResult): Figures {
  const events = eventsBetween(k.events, firstEvent, endEvent);
  const of = (kind: number, test: (e: (typeof events)[number]) => boolean = () => true): number =>
    events.filter((e) => e.kind === kind && test(e)).length;
  const blocks = (e: (typeof events)[number]): number => (e.kind === EVENT.BLOCK_ALLOC ? e.b : 1);
  return {
    pgfault: of(EVENT.FAULT),
    pswpout: of(EVENT.SWAP_WRITE, (e) => e.b !== 2),
    swpout_zero: of(EVENT.SWAP_WRITE, (e) => e.b === 2),
    nr_vmscan_write: of(EVENT.SWAP_WRITE),
    nr_dirtied: of(EVENT.PAGE_DIRTIED),
    numa_hit: of(EVENT.FRAME_ALLOC) + of(EVENT.BLOCK_ALLOC),
    pgalloc_normal: events
      .filter((e) => e.kind === EVENT.FRAME_ALLOC || e.kind === EVENT.BLOCK_ALLOC)
      .reduce((sum, e) => sum + blocks(e), 0),
    pgfree: of(EVENT.FRAME_FREE),
    thp_split_pmd: of(EVENT.HUGE_SPLIT),
    thp_fault_fallback: of(EVENT.HUGE_FALLBACK),
    thp_collapse_alloc: of(EVENT.HUGE_COLLAPSED),
    oom_kill: of(EVENT.OOM_KILL),
    workingset_refault: of(EVENT.REFAULT),
    swap_reads: of(EVENT.SWAP_READ),
  };
}

const sumsOf = (v: Figures): Figures => ({
  ...v,
  workingset_refault: v.workingset_refault_anon! + v.workingset_refault_file!,
  swap_reads: v.pswpin! + v.swpin_zero!,
});

const watch = (k: KernelState): Watch => {
  let before = sumsOf(vmstat(k));
  return (_k, _given, result) => {
    const now = sumsOf(vmstat(k));
    for (const [name, value] of Object.entries(recounted(k)))
      if (now[name] !== value && !(name === 'nr_mlock' && leftLocked(k))) return `${name} is ${now[name]}, recounted ${value}`;
    for (const [name, of] of IN_MEMINFO)
      if (meminfo(k)[name] !== of(now)) return `${name} is ${meminfo(k)[name]}, vmstat says ${of(now)}`;
    for (const [name, value] of Object.entries(counted(k, result)))
      if (now[name]! - before[name]! !== value) return `${name} grew by ${now[name]! - before[name]!}, events say ${value}`;
    const parts: readonly (readonly [string, string[]])[] = [
      ['pgscan', ['pgscan_anon', 'pgscan_file']],
      ['pgsteal', ['pgsteal_anon', 'pgsteal_file']],
    ];
    for (const [name, kinds] of parts) {
      const bySource = now[`${name}_kswapd`]! + now[`${name}_direct`]!;
      if (bySource !== kinds.reduce((sum, kind) => sum + now[kind]!, 0)) return `${name} by source is ${bySource}`;
    }
    if (now.pgalloc_normal! - now.pgfree! !== k.machine.totalFrames[0]! - k.machine.reserved[0]! - now.nr_free_pages!) return 'pgalloc − pgfree is not what is in use';
    before = now;
    return null;
  };
}; // prettier-ignore

describe('what meminfo and vmstat say, after every command of random scripts with swap and files,', () => {
  const seeds = Array.from({ length: 14 }, (_, i) => i + 1);
  it.each(seeds.filter((seed) => fuzzCase(seed, 'all', 1).options.ramPages < 1000))(
    'is what a recount from nothing finds, seed %i',
    (seed) => {
      const fuzz = fuzzCase(seed, 'all', 70);
      if (runCase(fuzz, watch) !== null) expect.fail(report(fuzz, watch));
    },
  );

  it('is noticed when a count is wrong', () => {
    const fuzz = fuzzCase(1, 'all', 20);
    const wrong = (k: KernelState): Watch => {
      const look = watch(k);
      return (...given) => {
        k.lruLists.count[0]!++;
        const found = look(...given);
        k.lruLists.count[0]!--;
        return found;
      };
    };
    expect(runCase(fuzz, wrong)?.problem).toMatch(/^nr_inactive_anon is \d+, recounted \d+$/);
  });
});

describe('VmHWM', () => {
  it.each([1, 3, 4])('is the most that ever was resident, also when reclaim took it, seed %i', (seed) => {
    const fuzz = fuzzCase(seed + 20, 'all', 150);
    const k = boot({ ...fuzz.options, ramPages: 64, swapPages: 400, thp: 'never' });
    const most = new Map<string, number>();
    let reclaimed = 0;
    const told = (mm: number): void => {
      const { rssAnon, rssFile, rssShmem, pid } = k.mms;
      const key = `${mm} ${pid[mm]}`;
      most.set(key, Math.max(most.get(key) ?? 0, rssAnon[mm]! + rssFile[mm]! + rssShmem[mm]!));
    };
    for (const line of fuzz.lines.filter((each) => !each.includes('exec'))) {
      const given = command(line);
      if (whyNot(k, given) !== null) continue;
      watchRss(k, told, () => step(k, given));
      for (const pid of peekMachine(k).tasks) {
        const mm = k.tasks.mm[pid]!;
        if (mm < 0) continue;
        const status = taskFileText(k, pid as Pid, 'status');
        const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)![1]);
        expect(kilobytes('VmHWM'), `p${pid} after ${line}`).toBe((most.get(`${mm} ${pid}`) ?? 0) * 4);
        if (kilobytes('VmHWM') > kilobytes('VmRSS') && k.machine.pswpout[0]! > 0) reclaimed++;
      }
    }
    expect(reclaimed).toBeGreaterThan(0);
  });
});

/** Tells of each write to the resident sizes while `run` runs, after it. */
function watchRss(k: KernelState, told: (mm: number) => void, run: () => void): void {
  const [first, second, third] = ['rssAnon', 'rssFile', 'rssShmem'] as const;
  let last = -1;
  // The value is written behind the message: a write tells of the one before.
  const note = (mm: number): void => {
    if (last >= 0) told(last);
    last = mm;
  };
  watchColumn(k.mms, first, note, () => watchColumn(k.mms, second, note, () => watchColumn(k.mms, third, note, run)));
  if (last >= 0) told(last);
}
