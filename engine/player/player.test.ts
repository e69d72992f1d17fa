import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boot, encodeState, hashState, step } from '../kernel/index.ts';
import type { KernelState } from '../kernel/index.ts';
import { parseScript } from './commands/parse-script.ts';
import { Player } from './player.ts';
import { DEFAULT_MACHINE } from './scenario/machine-options.ts';

/** Twenty steps of all kinds, more than two keyframes long. */
const COMMANDS = [
  'p0 mmap A 8 rw private anon',
  'p0 touch_w A 0 6 1',
  'p0 touch_r A 6 1',
  'p0 fork p1',
  'p1 touch_w A 0 1 2',
  'p0 touch_w A 0 1 3',
  'p0 mprotect A 2 2 r',
  'p1 read A 0 8',
  'p1 fork p2',
  'p2 touch_w A 3 3',
  'p0 munmap A 6 2',
  'p0 mmap B 4 rw private anon populate',
  'p1 exit',
  'p0 touch_w A 4 2',
  'p0 brk +3',
  'p0 touch_w heap 4 3',
  'p0 brk -2',
  'p2 kill',
  'p0 touch_w A 2 1 7',
  'p0 touch_w A 5 1 8',
];

const scenarioOf = (commands: readonly string[]): string =>
  [
    'format: faultline/1',
    'title: A walk',
    'machine: { ram: 64 }',
    'chapters:',
    '  - title: One',
    '    steps:',
    ...commands.map((c) =>
      c === COMMANDS[18] ? `      - { do: [${c}], expect: [signal(p0) == SIGSEGV] }` : `      - do: [${c}]`,
    ),
    '',
  ].join('\n');

/** The machine after these commands, run from boot without a player. */
function fresh(commands: readonly string[]): KernelState {
  const kernel = boot({ ...DEFAULT_MACHINE, ramPages: 64 });
  for (const { command } of parseScript(commands.join('\n')).commands) step(kernel, command);
  return kernel;
}

const opened = (commands = COMMANDS): Player => {
  const player = new Player();
  const reply = player.open(scenarioOf(commands));
  expect(reply.ok ? [] : reply.problems).toEqual([]);
  return player;
};

function expectSame(player: Player, commands: readonly string[]): void {
  const wanted = fresh(commands);
  expect(Buffer.compare(encodeState(player.kernel!), encodeState(wanted))).toBe(0);
  expect(hashState(player.kernel!)).toBe(hashState(wanted));
}

describe('moving', () => {
  test('stands at the start once the rehearsal is over, with every report known', () => {
    const player = opened();
    expect(player.view()).toMatchObject({ phase: 'atStart', position: 0, length: 20, report: null });
    for (let n = 1; n <= 20; n++) expect(player.reportAt(n)).toMatchObject({ index: n, scriptStep: n, ok: true });
    expectSame(player, []);
  });

  test('the hash of each report is that of a fresh run to its position', () => {
    const player = opened();
    for (let n = 1; n <= 20; n++) expect(player.reportAt(n)!.hash).toBe(hashState(fresh(COMMANDS.slice(0, n))));
  });

  test('next at the end and back at the start change nothing', () => {
    const player = opened();
    expect(player.back()).toBe(false);
    player.seek(20);
    expect(player.next()).toBeNull();
    expect(player.view()).toMatchObject({ phase: 'atEnd', position: 20 });
  });

  test('a seek outside the script ends at its nearer end', () => {
    const player = opened();
    player.seek(99);
    expect(player.view().position).toBe(20);
    player.seek(-1);
    expect(player.view().position).toBe(0);
  });

  const move = fc.oneof(
    fc.constant({ kind: 'next' as const }),
    fc.constant({ kind: 'back' as const }),
    fc.record({ kind: fc.constant('seek' as const), to: fc.nat(24) }),
    fc.record({
      kind: fc.constant('type' as const),
      text: fc.constantFrom('p0 brk +1', 'p0 touch_w heap 0 1 9', 'p0 state'),
    }),
    fc.constant({ kind: 'discard' as const }),
  );

  test('after any walk the state is byte for byte that of a fresh run', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 25 }), (moves) => {
        const player = opened();
        let script = COMMANDS.map((text) => ({ text, typed: false }));
        let at = 0;
        for (const m of moves) {
          if (m.kind === 'next') {
            player.next();
            at = Math.min(at + 1, script.length);
          } else if (m.kind === 'back') {
            player.back();
            at = Math.max(at - 1, 0);
          } else if (m.kind === 'seek') {
            player.seek(m.to);
            at = Math.min(m.to, script.length);
          } else if (m.kind === 'type') {
            // the byte a touch stores without saying so is the step number, so the typed ones name theirs
            expect(player.typeCommand(m.text).ok).toBe(true);
            script.splice(at, 0, { text: m.text, typed: true });
            at++;
          } else {
            player.discardTyped();
            at = script.slice(0, at).filter((s) => !s.typed).length;
            script = script.filter((s) => !s.typed);
          }
          expect(player.view()).toMatchObject({ position: at, length: script.length });
          expectSame(
            player,
            script.slice(0, at).map((s) => s.text),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('commands typed by hand', () => {
  test('are steps of their own, and the script goes on behind them', () => {
    const player = opened();
    player.seek(2);
    const reply = player.typeCommand('p0 touch_r A 7 1');
    expect(reply).toMatchObject({ ok: true, report: { index: 3, scriptStep: 0, ok: true } });
    expect(player.next()).toMatchObject({ index: 4, scriptStep: 3 });
    expect(player.outline()!.steps[2]).toMatchObject({ title: 'p0 touch_r A 7 1', typed: true });
  });

  test('that fail are results, not failures of the lesson', () => {
    const player = opened();
    player.seek(1);
    const reply = player.typeCommand('p0 touch_w text 0 1');
    expect(reply).toMatchObject({
      ok: true,
      report: { ok: true, commands: [{ outcome: 'SIGSEGV (permission)', failed: true }] },
    });
  });

  test.each([
    ['p0 tuch_w A 0 1', 1, 4, 'tuch_w is no operation'],
    ['p3 state', 1, 1, 'p3 does not exist here'],
    ['p0 touch_w Z 0 1', 1, 1, 'nothing is called Z'],
    ['  # nothing', 1, 1, 'there is no command'],
    ['p0 state\np0 nosuch', 2, 4, 'nosuch is no operation'],
  ])('%j is refused with its place and nothing happens', (text, line, column, message) => {
    const player = opened();
    player.seek(1);
    expect(player.typeCommand(text)).toMatchObject({ ok: false, problems: [{ line, column, message }] });
    expect(player.view()).toMatchObject({ position: 1, length: 20, typedSteps: 0 });
  });

  test('are taken out again, and the player stands where the script was left', () => {
    const player = opened();
    player.seek(4);
    player.typeCommand('p0 brk +1');
    player.typeCommand('p1 exit');
    player.discardTyped();
    expect(player.view()).toMatchObject({ position: 4, length: 20, typedSteps: 0 });
    expectSame(player, COMMANDS.slice(0, 4));
  });

  test('come back with a kept place', () => {
    const before = opened();
    before.seek(4);
    before.typeCommand('p0 brk +1');
    before.seek(1);
    before.typeCommand('p0 brk +2');
    before.seek(9);
    const after = opened();
    after.resume(9, before.typed);
    expect(after.view()).toMatchObject({ position: 9, length: 22, typedSteps: 2 });
    expect(Buffer.compare(encodeState(after.kernel!), encodeState(before.kernel!))).toBe(0);
  });

  test('work on a machine without a script', () => {
    const player = new Player();
    player.openFree({ ramPages: 64 });
    expect(player.view()).toMatchObject({ phase: 'atStart', length: 0 });
    expect(player.typeCommand('p0 fork p1').ok).toBe(true);
    expect(player.view()).toMatchObject({ phase: 'atEnd', position: 1 });
  });

  test('are completed with what the machine holds', () => {
    const player = opened();
    player.seek(4);
    expect(player.complete('p1 touch_w ', 11).map((c) => c.text)).toContain('A');
    expect(player.complete('', 0).map((c) => c.text)).toContain('p1');
  });
});

describe('playing', () => {
  const withPause = scenarioOf(COMMANDS.slice(0, 4)).replace(
    '- do: [p0 touch_r A 6 1]',
    '- { do: [p0 touch_r A 6 1], pause: true }',
  );

  test('goes on tick by tick, and stops at a pause of the script and at the end', () => {
    const player = new Player();
    player.open(withPause);
    expect(player.tick()).toBeNull();
    player.play();
    expect([player.tick()?.index, player.tick()?.index, player.tick()?.index]).toEqual([1, 2, 3]);
    expect(player.phase).toBe('paused');
    player.play();
    expect(player.tick()?.index).toBe(4);
    expect(player.phase).toBe('atEnd');
  });

  test('stops when somebody types', () => {
    const player = new Player();
    player.open(withPause);
    player.play();
    player.typeCommand('p0 brk +1');
    expect(player.phase).toBe('paused');
  });
});
