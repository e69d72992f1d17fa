import { describe, expect, it } from 'vitest';
import { peekMachine } from '../kernel/index.ts';
import { SYSCTL_NAMES, type SysctlName } from '../protocol/sysctls.ts';
import { lab } from '../testing/fixtures.ts';
import { sysctlValue } from './sysctl.ts';

/** Setting, value, and whether a real 6.18 took it. */
const WRITES: readonly [name: SysctlName, value: number, taken: boolean][] = [
  ['overcommit_memory', -1, false],
  ['overcommit_memory', 2, true],
  ['overcommit_memory', 3, false],
  ['overcommit_ratio', -1, true],
  ['overcommit_ratio', 101, true],
  ['overcommit_ratio', 2147483647, true],
  ['overcommit_ratio', 2147483648, false],
  ['overcommit_kbytes', -1, false],
  ['overcommit_kbytes', 1000000, true],
  ['admin_reserve_kbytes', -1, false],
  ['admin_reserve_kbytes', 0, true],
  ['user_reserve_kbytes', -1, false],
  ['user_reserve_kbytes', 8, true],
  ['swappiness', -1, false],
  ['swappiness', 0, true],
  ['swappiness', 200, true],
  ['swappiness', 201, false],
  ['min_free_kbytes', -1, false],
  ['min_free_kbytes', 1000, true],
  ['mmap_min_addr', -1, false],
  ['mmap_min_addr', 65537, true],
  ['page-cluster', -1, false],
  ['page-cluster', 31, true],
  ['page-cluster', 32, false],
  ['randomize_va_space', -1, true],
  ['randomize_va_space', 100, true],
];

describe('settings of the machine', () => {
  it.each(WRITES)('%s = %i is taken: %s', (name, value, taken) => {
    const l = lab();
    const before = sysctlValue(l.k, name);
    const result = l.run(`@sysctl ${name} ${value}`);
    expect(result.errno).toBe(taken ? undefined : 'EINVAL');
    expect(sysctlValue(l.k, name)).toBe(taken ? value : before);
  });

  it('start as the kernel chooses them', () => {
    const { k } = lab({ ramPages: 262_144, overcommit: 2 });
    const values = Object.fromEntries(SYSCTL_NAMES.map((name) => [name, sysctlValue(k, name)]));
    expect(values).toEqual({
      overcommit_memory: 2,
      overcommit_ratio: 50,
      overcommit_kbytes: 0,
      admin_reserve_kbytes: 8192,
      user_reserve_kbytes: 32_255, // 1/32 of what is free at boot
      swappiness: 60,
      min_free_kbytes: 4063, // √(16 · kB)
      mmap_min_addr: 65_536,
      randomize_va_space: 0,
      'page-cluster': 0,
      nr_hugepages: 0,
      nr_overcommit_hugepages: 0,
    });
  });

  it('of a small machine take the share of a larger one', () => {
    const { k } = lab({ ramPages: 64 });
    expect(sysctlValue(k, 'min_free_kbytes')).toBe(7);
    expect(sysctlValue(k, 'page-cluster')).toBe(0);
  });

  it('ratio and kbytes forget each other', () => {
    const l = lab();
    l.run('@sysctl overcommit_kbytes 400');
    expect([sysctlValue(l.k, 'overcommit_ratio'), peekMachine(l.k).commitLimit]).toEqual([0, 100]);
    l.run('@sysctl overcommit_ratio 80');
    expect([sysctlValue(l.k, 'overcommit_kbytes'), peekMachine(l.k).commitLimit]).toEqual([0, 196]);
    // Written with 0 the ratio is forgotten too, and nothing is left to promise.
    l.run('@sysctl overcommit_kbytes 0');
    expect(peekMachine(l.k).commitLimit).toBe(0);
  });

  it('a negative ratio is no limit at all', () => {
    const l = lab();
    l.run('@sysctl overcommit_ratio -1', '@overcommit 2');
    expect(l.run('p0 mmap A 3000%ram rw').ret).toBe('A');
  });
});

describe('reserves of strict accounting', () => {
  /** Most pages one mmap gets in mode 2. RAM is 245 pages, the limit 122. */
  function most(...script: string[]): number {
    for (let pages = 150; pages > 0; pages--) {
      const l = lab();
      if (l.run('@overcommit 2', ...script, `p0 mmap A ${pages} rw`).ret === 'A') return pages;
    }
    return 0;
  }

  it('keep a share back from whoever is not the administrator', () => {
    const all = most('@sysctl user_reserve_kbytes 0');
    expect(all).toBe(121); // Committed_AS stays below the limit, never at it
    expect(most('@sysctl user_reserve_kbytes 0', 'p0 dropcap sys_admin')).toBe(all - 7);
    expect(most('@sysctl user_reserve_kbytes 0', '@sysctl admin_reserve_kbytes 80', 'p0 dropcap sys_admin')).toBe(
      all - 20,
    );
  });

  it('keep back 1/32 of a task’s own size, up to the user’s reserve', () => {
    const read = 'p0 mmap R 320 r';
    expect(most(read)).toBe(121 - 7);
    expect(most(read, '@sysctl user_reserve_kbytes 100000')).toBe(121 - Math.floor((320 + 46) / 32));
  });
});

describe('mmap_min_addr', () => {
  /** A's distance from address 0 in pages, so that B can be put near it. */
  const low = (l: ReturnType<typeof lab>, page: number): string => {
    l.run('p0 mmap A 1 rw');
    return `A+-${(l.k.regions.find((region) => region.name === 'A')!.page - page) * 4096}b`;
  };

  it('refuses lower addresses to a task without CAP_SYS_RAWIO, also to mremap', () => {
    const l = lab();
    const at = low(l, 15);
    expect(l.run('p0 dropcap 17', `p0 mmap B 1 rw private anon fixed ${at}`).errno).toBe('EPERM');
    expect(l.run(`p0 mremap A 0 1 1 maymove fixed ${at}`).errno).toBe('EPERM');
    expect(l.run('@sysctl mmap_min_addr 4096', `p0 mmap B 1 rw private anon fixed ${at}`).ret).toBe('B');
  });

  it('lets the administrator map page 0', () => {
    const l = lab();
    expect(l.run(`p0 mmap B 1 rw private anon fixed ${low(l, 0)}`).ret).toBe('B');
  });

  it('moves up with its setting', () => {
    const l = lab();
    const at = low(l, 20);
    const refused = l.run('p0 dropcap 17', '@sysctl mmap_min_addr 1048576', `p0 mmap B 1 rw private anon fixed ${at}`);
    expect(refused.errno).toBe('EPERM');
  });
});
