import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { lab, type Lab } from '../../testing/fixtures.ts';

/** What an ordinary program reads /proc with: a published parser, which knows nothing of the lab. */
interface Parsers {
  processStatus(text: string): Readonly<Record<string, unknown>>;
  processStatm(text: string): Readonly<Record<string, number>>;
  processLimits(text: string): readonly { name: string; soft?: number; hard?: number; units?: string }[];
  processOomScore(text: string): number;
  meminfo(text: string): Readonly<Record<string, number>>;
  swaps(text: string): readonly Readonly<Record<string, unknown>>[];
}
const require = createRequire(import.meta.url);
const parsers = require('@stroncium/procfs/lib/parsers.js') as Parsers;

const KB = 1024;

function scene(): Lab {
  const l = lab({ image: 'program', ramPages: 512, swapPages: 64 });
  l.run(
    'p0 mmap A 20 rw',
    'p0 touch_w A 0 12',
    'p0 mlock A 0 3',
    'p0 rlimit memlock 8 16',
    'p0 fork p1',
    'p1 setuid 7',
  );
  l.run('p1 madvise A 4 4 dontneed', 'p1 kill STOP', 'p1 sigaction TERM handler'.replace('p1', 'p0'));
  return l;
}

describe('a published parser reads what the lab prints', () => {
  it('status', () => {
    const l = scene();
    const status = parsers.processStatus(l.run('p1 cat status').text!);
    const { rss, anon } = l.task(1);
    expect(status).toMatchObject({ name: 'p1', state: 'T', pid: 1, parentPid: 0, uidReal: 7, uidEffective: 7 });
    expect(status).toMatchObject({ vmRss: rss * 4, rssAnon: anon * 4, vmLocked: 0, threads: 1 });
    expect(parsers.processStatus(l.run('p0 cat status').text!)).toMatchObject({ vmLocked: 12 });
  });

  it('statm, limits and oom_score', () => {
    const l = scene();
    const { vsz, rss, file, shmem } = l.task(0);
    expect(parsers.processStatm(l.run('p0 cat statm').text!)).toMatchObject({
      size: vsz,
      resident: rss,
      shared: file + shmem,
      text: 2,
    });
    const limits = parsers.processLimits(l.run('p0 cat limits').text!);
    expect(limits).toHaveLength(16);
    expect(limits.find(({ name }) => name === 'Max locked memory')).toEqual({
      name: 'Max locked memory',
      soft: 8 * 4096,
      hard: 16 * 4096,
      units: 'bytes',
    });
    expect(limits.find(({ name }) => name === 'Max stack size')).toMatchObject({ soft: 8_388_608 });
    expect(parsers.processOomScore(l.run('p0 cat oom_score').text!)).toBe(l.task(0).oomScore);
  });

  it('meminfo and swaps', () => {
    const l = scene();
    const meminfo = parsers.meminfo(l.run('@cat meminfo').text!);
    const { totalFrames, reserved } = l.k.machine;
    expect(meminfo).toMatchObject({ total: (totalFrames[0]! - reserved[0]!) * 4 * KB, free: l.free * 4 * KB });
    expect(meminfo).toMatchObject({ swapTotal: 64 * 4 * KB, hugepageSize: 2048 * KB });
    l.run('p0 madvise A 8 4 pageout');
    expect(parsers.swaps(l.run('@cat swaps').text!)).toEqual([
      { path: '/dev/zram0', type: 'partition', size: 256, used: l.k.machine.swapUsed[0]! * 4, priority: -2 },
    ]);
  });
});
