import { describe, expect, test } from 'vitest';
import { run } from './run.ts';
import { TestIo } from './test-io.ts';

describe('the MMU', () => {
  const printed = async (script: string, ...args: string[]) => {
    const io = new TestIo({}, script);
    expect(await run(['exec', ...args], io)).toBe(0);
    return io.stdout;
  };
  const SCRIPT = 'p0 mmap A 4 rw private anon\np0 touch_w A 0 1\np0 walk A 0\n@tlb 16 4 plru\np0 walk A 0\n';

  test('prints the walk with --json', async () => {
    const lines = (await printed(SCRIPT, '--json')).trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
    expect(lines[3]).toMatchObject({
      step: 3,
      tlb: 'hit',
      walk: [{ level: 4 }, { level: 3 }, { level: 2 }, { level: 1 }],
    });
    expect(lines[4]).toEqual({ step: 4, op: '@tlb 16 4 plru' });
    expect(lines[5]).toMatchObject({ tlb: 'miss' });
  });

  test('prints the walk as a line, and takes the machine’s settings', async () => {
    const text = await printed(
      SCRIPT,
      '--set',
      'tlb.entries=8',
      '--set',
      'tlb.ways=2',
      '--set',
      'cost.minor_fault=5000',
    );
    expect(text).toMatch(/^3 {2}p0 walk A 0 {2}→ L4\[\d+\] [0-9a-f]{16}, L3.*, L1\[\d+\] 8[0-9a-f]{15}; tlb hit/m);
    expect(text).toMatch(/1 minor fault, 5\.4 µs/);
  });
});

describe('a scenario', () => {
  const scenario = (machine: string, expects: readonly string[]): string =>
    [
      'format: faultline/1',
      'title: Walks',
      `machine: ${machine}`,
      'chapters:',
      '  - title: One',
      '    steps:',
      '      - do: [p0 mmap A 4 rw private anon, p0 touch_w A 1 1]',
      '      - do: [p0 touch_r A 1 1, p0 walk A 1]',
      '        expect:',
      ...expects.map((text) => `          - ${text}`),
    ].join('\n');

  test('names walks, bits, counters and time', async () => {
    const expects = [
      'walk_levels(p0:A+1) == 4',
      'index1(p0:A+1) == index1(p0:A+0) + 1',
      'entry1(p0:A+0) == 0',
      'entry1(p0:A+1) > 9223372036854775808',
      'accessed(p0:A+1) and dirty(p0:A+1) and not accessed(p0:A+0)',
      'tlb(p0:A+1) == hit and tlb(p0:A+0) == miss',
      'p0.tlb_hits == 1 and p0.tlb_misses == 2 and tlb.hits == 1 and tlb.entries == 8',
      'p0.time - before.p0.time == 3',
      'p0.stalled >= 7000',
    ];
    const machine = '{ ram: 64, tlb: { entries: 8 }, cost: { minor_fault: 7000, memory_access: 3 } }';
    const io = new TestIo({ 'a.yaml': scenario(machine, expects) });
    expect(await run(['play', 'a.yaml'], io), io.stderr + io.stdout).toBe(0);
  });

  test.each([
    ['{ tlb: { entries: 12 } }', '12 entries in sets of 4 make no power of two of sets'],
    ['{ tlb: { policy: opt } }', 'there is no such policy'],
    ['{ cost: { coffee: 3 } }', 'coffee'],
  ])('machine: %s is refused', async (machine, message) => {
    const io = new TestIo({ 'a.yaml': scenario(machine, ['p0.rss == 1']) });
    expect(await run(['play', 'a.yaml'], io)).toBe(2);
    expect(io.stderr).toContain(message);
  });

  test('a wrong --set is refused', async () => {
    for (const [setting, message] of [['tlb.size=3', 'there is no setting tlb.size'], ['cost.minor_fault=x', 'wants a whole number'], ['tlb.policy=opt', 'is no policy'], ['tlb.entries=3', 'no power of two']]) {
      const io = new TestIo({}, 'p0 state\n');
      expect(await run(['exec', '--set', setting!], io)).toBe(2);
      expect(io.stderr).toContain(message);
    }
  }); // prettier-ignore
});
