import { describe, expect, it } from 'vitest';
import { EVENT } from '../base/event-kinds.ts';
import { eventsBetween } from '../base/event-log.ts';
import { capture, encodeState, peekMachine, restore, step, whyNot } from '../kernel/index.ts';
import { totalRamPages } from '../mm/commit.ts';
import { command, lab, type Lab } from '../testing/fixtures.ts';
import { badness } from './oom-score.ts';

const mib = (n: number): number => n * 256;
/** The machine of the recorded passes: 96 MiB. */
const recorded = (): Lab => lab({ ramPages: mib(96), overcommit: 1 });
const small = (): Lab => lab({ ramPages: 64, overcommit: 1 });

/** Tasks that hold so many pages, made in this order; p0 only makes them. */
function holding(l: Lab, sizes: readonly [mebibytes: number, adj: number][]): void {
  l.run(`p0 mmap A ${mib(200)} rw`);
  sizes.forEach(([mebibytes, adj], i) => {
    l.run(`p0 fork p${i + 1}`, `p${i + 1} touch_w A 0 ${mib(mebibytes)}`);
    if (adj !== 0) l.run(`p${i + 1} oom_score_adj ${adj}`);
  });
}

describe('the choice of a victim, as a real machine of 96 MiB made it', () => {
  it('small 4, middle 24, growing from 8: the growing one, once it is the largest', () => {
    const l = recorded();
    holding(l, [[4, 0], [24, 0], [8, 0]]); // prettier-ignore
    expect(l.run(`p3 touch_w A 0 ${mib(120)}`)).toMatchObject({ died: true, oom: [{ victim: 'p3' }] });
  });

  it('with oom_score_adj 500 a task of 8 MiB dies before one of 24', () => {
    const l = recorded();
    holding(l, [[8, 500], [24, 0], [20, 0], [8, 0]]); // prettier-ignore
    expect(l.run(`p4 touch_w A 0 ${mib(46)}`).oom).toMatchObject([{ victim: 'p1' }]);
  });

  it('big 28 with −300, small 10, growing with −900: small, then big', () => {
    const l = recorded();
    holding(l, [[28, -300], [10, 0], [2, -900]]); // prettier-ignore
    l.run('p0 exit');
    expect(l.run(`p3 touch_w A 0 ${mib(80)}`).oom?.map((pass) => pass.victim)).toEqual(['p2', 'p1']);
  });
});

describe('badness', () => {
  it('is rss and page tables, and oom_score_adj in thousandths of RAM, the division cut', () => {
    const l = recorded();
    l.run('p0 mmap A 100 rw', 'p0 touch_w A 0 40', 'p0 mmap S 8 rw shared', 'p0 touch_w S 0 8');
    const { rss, pageTables } = l.task(0);
    expect(badness(l.k, 0 as never)).toBe(rss + pageTables);
    const thousandth = Math.floor(totalRamPages(l.k) / 1000);
    for (const adj of [500, -300, 1000, -999]) {
      l.run(`p0 oom_score_adj ${adj}`);
      const points = rss + pageTables + adj * thousandth;
      expect(badness(l.k, 0 as never)).toBe(points);
      const score = Math.trunc(((1000 + Math.trunc((points * 1000) / totalRamPages(l.k))) * 2) / 3);
      expect(l.run('p0 cat oom_score').text).toBe(`${score}\n`);
    }
    l.run('p0 oom_score_adj -1000');
    expect([badness(l.k, 0 as never), l.run('p0 cat oom_score').text]).toEqual([null, '0\n']);
  });

  it('of a machine below 1,000 pages still feels oom_score_adj', () => {
    const l = small();
    const before = badness(l.k, 0 as never)!;
    l.run('p0 oom_score_adj 500');
    expect(badness(l.k, 0 as never)).toBe(before + Math.trunc(totalRamPages(l.k) / 2));
  });

  it.each([
    ['p0 oom_score_adj 1001', 'EINVAL'],
    ['p0 oom_score_adj -1001', 'EINVAL'],
    ['p0 oom_score_adj -1000', undefined],
  ])('%s: %s', (line, errno) => expect(lab().run(line).errno).toBe(errno));

  it('is lowered by a task without CAP_SYS_RESOURCE down to what an administrator set, also in a child', () => {
    const l = lab();
    l.run('p0 oom_score_adj -100', 'p0 dropcap sys_resource', 'p0 oom_score_adj 500', 'p0 fork p1');
    expect(l.run('p1 oom_score_adj -100').ret).toBe(0);
    expect(l.run('p1 oom_score_adj -101').errno).toBe('EACCES');
    expect(l.run('p1 cat oom_score_adj').text).toBe('-100\n');
  });
});

describe('the report', () => {
  it('is the kernel’s, line by line', () => {
    const l = small();
    l.run('p0 mmap A 100 rw', 'p0 fork p1', 'p1 touch_w A 0 30', 'p1 setuid 1000', 'p1 oom_score_adj 100');
    const [pass] = l.run('p0 touch_w A 0 25').oom!;
    const lines = pass!.log.split('\n');
    expect(lines[0]).toBe(
      'p0 invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP), order=0, oom_score_adj=0',
    );
    expect(lines[1]).toBe('Mem-Info:');
    const at = lines.indexOf('Tasks state (memory values in pages):');
    expect(lines.slice(at + 1)).toEqual([
      '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
      '[      0]     0     0      146       17       17        0         0    16384        0             0 p0',
      '[      1]  1000     1      146       30       30        0         0    16384        0           100 p1',
      'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=p1,pid=1,uid=1000',
      'Out of memory: Killed process 1 (p1) total-vm:584kB, anon-rss:120kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:16kB oom_score_adj:100',
      '',
    ]);
    expect(lines).toContain('64 pages RAM');
    expect(lines).toContain('8 pages reserved');
    expect(lines).toContain(' free:1 free_pcp:0 free_cma:0');
    expect(lines).toContain(
      'Node 0 Normal: 1*4kB (M) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 4kB',
    );
  });

  it('says what was being allocated', () => {
    const masks = (script: string[]): string[] => {
      const l = small();
      const { oom } = l.run('p0 mmap A 100 rw', ...script);
      return oom!.map(({ log }) => /gfp_mask=(\S+),/.exec(log)![1]!);
    };
    expect(masks(['p0 touch_w A 0 30', 'p0 fork p1', 'p1 touch_w A 0 30'])).toEqual([
      '0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)',
    ]);
    expect(masks(['p0 touch_w A 0 50', 'p0 fork p1'])).toEqual(['0x440dc0(GFP_KERNEL_ACCOUNT|__GFP_ZERO|__GFP_COMP)']);
  });
});

describe('a victim that cannot end', () => {
  const stuck = (): Lab => {
    const l = small();
    l.run('p0 mmap A 100 rw', 'p0 fork p1', 'p1 touch_w A 0 30', 'p1 block');
    return l;
  };

  it('loses its memory to the reaper, two seconds later, and is not chosen again', () => {
    const l = stuck();
    const result = l.run('p0 touch_w A 0 25');
    expect(result).toMatchObject({ min: 25, oom: [{ victim: 'p1' }] });
    expect(result.timeNs).toBeGreaterThan(2e9);
    expect(result.oom![0]!.log).toMatch(
      /\noom_reaper: reaped process 1 \(p1\), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB\n$/,
    );
    expect(l.task(1)).toMatchObject({ state: 'blocked', rss: 0 });
    expect(l.run('p0 touch_w A 25 60').oom).toMatchObject([{ victim: 'p0', badness: { p1: null } }]);
  });

  it('dies when the device answers', () => {
    const l = stuck();
    l.run('p0 touch_w A 0 25', 'p1 unblock');
    expect(whyNot(l.k, command('p1 state'))).toBe('p1 is not alive');
  });
});

describe('when nothing may be killed', () => {
  function panicked(): { l: Lab; before: ReturnType<typeof capture>; bytes: Uint8Array } {
    const l = small();
    l.run('p0 mmap A 100 rw', 'p0 oom_score_adj -1000', 'p0 fork p1', 'p1 touch_w A 0 20');
    const before = capture(l.k);
    const bytes = encodeState(l.k);
    const result = l.run('p0 touch_w A 0 60');
    expect(result.panic).toBe('System is deadlocked on memory');
    expect(result.oom).toMatchObject([{ victim: null, badness: { p0: null, p1: null } }]);
    expect(result.oom![0]!.log).toMatch(
      /\nOut of memory and no killable processes\.\.\.\nKernel panic - not syncing: System is deadlocked on memory\n$/,
    );
    return { l, before, bytes };
  }

  it('the simulated kernel panics, and takes no more commands', () => {
    const { l } = panicked();
    expect(peekMachine(l.k).panic).toBe('System is deadlocked on memory');
    for (const line of ['p0 state', 'p1 touch_r A 0 1', '@sleep 1', 'p0 exit']) {
      expect(whyNot(l.k, command(line))).toBe('the kernel has panicked: System is deadlocked on memory');
    }
  });

  it('going back makes it as it was', () => {
    const { l, before, bytes } = panicked();
    restore(l.k, before);
    expect(Buffer.compare(encodeState(l.k), bytes)).toBe(0);
    expect(whyNot(l.k, command('p0 state'))).toBeNull();
    expect(l.run('p1 touch_w A 20 2')).toMatchObject({ min: 2 });
  });
});

describe('faults of a task that dies for memory', () => {
  it('in the middle of populate are counted', () => {
    const l = small();
    const result = l.run('p0 mmap A 100 rw private anon populate');
    const faults = eventsBetween(l.k.events, result.firstEvent, result.endEvent).filter((e) => e.kind === EVENT.FAULT);
    expect(result.died).toBe(true);
    expect(result.min).toBe(faults.length - 1); // the last one was not served
  });
});

describe('the same work under two rules', () => {
  /** A program that asks for more than there is, page by page, and looks at what it is told. */
  function work(overcommit: 0 | 2): { refused: number; killed: boolean } {
    const l = lab({ ramPages: 256, overcommit });
    let refused = 0;
    for (let i = 0; i < 40; i++) {
      if (l.run(`p0 mmap R${i} 10 rw`).errno === 'ENOMEM') {
        refused++;
        continue;
      }
      const result = step(l.k, command(`p0 touch_w R${i} 0 10`));
      if (result.died === true) return { refused, killed: true };
    }
    return { refused, killed: false };
  }

  it('ends in a kill where promises are not counted, and in refusals where they are', () => {
    expect(work(0)).toEqual({ refused: 0, killed: true });
    const strict = work(2);
    expect(strict.killed).toBe(false);
    expect(strict.refused).toBeGreaterThan(20);
  });
});
