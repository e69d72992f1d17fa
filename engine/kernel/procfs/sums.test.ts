import { describe, expect, it } from 'vitest';
import { peekFrame, peekMachine, peekPage, peekVmas, type KernelState } from '../index.ts';
import { fuzzCase } from '../../testing/fuzz-script.ts';
import { runCase } from '../../testing/fuzz.ts';
import { taskFileText } from './index.ts';

interface Sums {
  rss: number;
  pss: number;
  anon: number;
  swap: number;
}

/** Sums in kB over one area, page by page through the page tables. */
function recomputed(k: KernelState, pid: number, start: number, end: number): Sums {
  const sums = { rss: 0, pss: 0, anon: 0, swap: 0 };
  for (let page = start; page < end; page++) {
    const { frame, sharers, state } = peekPage(k, pid, page);
    if (state === 'swapped') sums.swap += 4;
    if (frame < 0 || state === 'swapped' || peekFrame(k, frame).use === 'hugetlb') continue;
    sums.rss += 4;
    sums.pss += Math.floor((4096 * 4096) / sharers);
    if (peekFrame(k, frame).use === 'anon') sums.anon += 4;
  }
  return { ...sums, pss: Math.floor(Math.floor(sums.pss / 4096) / 1024) };
}

const value = (text: string, name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)![1]);

/** What is wrong with the texts of one task, or null. */
function wrong(k: KernelState, pid: number): string | null {
  const smaps = taskFileText(k, pid as never, 'smaps').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const areas = peekVmas(k, pid);
  if (areas.length > 0 && smaps.length !== areas.length) return `p${pid}: ${smaps.length} areas of ${areas.length}`;
  let rss = 0;
  for (const [i, { start, end, backing }] of areas.entries()) {
    const wanted = recomputed(k, pid, start, end);
    const got = { rss: value(smaps[i]!, 'Rss'), pss: value(smaps[i]!, 'Pss'), anon: value(smaps[i]!, 'Anonymous'), swap: value(smaps[i]!, 'Swap') };
    const swapKnown = backing === 'anon' ? {} : { swap: got.swap };
    if (JSON.stringify(got) !== JSON.stringify({ ...wanted, ...swapKnown }))
      return `p${pid} area ${i}: ${JSON.stringify(got)} for ${JSON.stringify(wanted)}`;
    const parts = ['Shared_Clean', 'Shared_Dirty', 'Private_Clean', 'Private_Dirty'].map((name) => value(smaps[i]!, name));
    if (parts.reduce((sum, part) => sum + part, 0) !== wanted.rss) return `p${pid} area ${i}: parts ${parts.join(' ')}`;
    rss += wanted.rss;
  }
  const others = [value(taskFileText(k, pid as never, 'status'), 'VmRSS'), value(taskFileText(k, pid as never, 'smaps_rollup'), 'Rss')];
  const statm = Number(taskFileText(k, pid as never, 'statm').split(' ')[1]) * 4;
  return [...others, statm].every((each) => each === rss) ? null : `p${pid}: rss ${rss}, texts ${others.join(' ')} ${statm}`;
} // prettier-ignore

describe('sums in what /proc says', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('are those of the page tables, seed %i', (seed) => {
    const failure = runCase(fuzzCase(seed, 'all', 60), () => (k) => {
      for (const pid of peekMachine(k).tasks) {
        const found = k.tasks.mm[pid]! < 0 ? null : wrong(k, pid);
        if (found !== null) return found;
      }
      return null;
    });
    expect(failure).toBeNull();
  });
});
