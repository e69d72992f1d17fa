import { describe, expect, test } from 'vitest';
import { CROWD, SCENARIOS } from '../testing/scenarios.ts';
import { openHost, walk } from '../testing/walk.ts';
import type { ScenarioText } from '../testing/scenarios.ts';
import { EngineHost } from './engine-host.ts';

const SMALL: ScenarioText = {
  name: 'small',
  text: `format: faultline/1
title: Small
machine: { ram: 64, seed: 2 }
chapters:
  - title: One
    steps:
      - do: [ p0 mmap A 8 rw, p0 touch_w A 0 4 1 ]
      - do: [ p0 fork p1 ]
      - do: [ p1 touch_w A 1 1 2 ]
        expect: [ copies == 1, copies == 5 ]
      - do: [ p1 exit ]
`,
};

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
  test('plays to its end with every claim held', () => {
    for (const { state, step } of walk(scenario)) {
      const broken = state.player.report?.expect.filter(({ ok }) => !ok) ?? [];
      expect(broken, `step ${step}`).toEqual([]);
      expect(state.failed).toBe(0);
    }
  });

  test('says in the log of each step why everything in it happened', () => {
    for (const { host, state, step } of walk(scenario)) {
      const lines = host.answer('events', []);
      if (step === 0) expect(lines).toEqual([]);
      const ids = new Set(lines.map(({ id }) => id));
      for (const line of lines) {
        expect(line.text).not.toBe('');
        expect(line.cause).toBeLessThan(line.id);
        // A cause lies in the same step, or is the root of the chain.
        if (line.depth > 0) expect(ids.has(line.cause)).toBe(true);
      }
      const report = state.player.report;
      if (report !== null) expect(lines[0]?.id ?? report.firstEvent).toBe(report.firstEvent);
    }
  });

  test('gives every step a sentence, and chips that lead to things that exist', () => {
    for (const { host, state, step, snapshot } of walk(scenario)) {
      const report = state.player.report;
      if (report === null) continue;
      expect(report.narration.sentence, `step ${step}`).not.toBe('');
      for (const chip of report.narration.chips) {
        expect(chip.text).not.toBe('');
        // A device's page lies behind RAM; such a chip leads to the page.
        const onBoard = chip.frame >= 0 && chip.frame < snapshot.frames.total;
        if (!onBoard && chip.frame >= 0) expect(chip.page, chip.text).toBeGreaterThanOrEqual(0);
        if (!onBoard && chip.page >= 0 && snapshot.tasks.some(({ view }) => view.pid === chip.pid)) {
          expect(host.answer('inspect', [{ kind: 'page', pid: chip.pid, page: chip.page }])).not.toBeNull();
        }
      }
    }
  });

  test('asks to show only what exists at that step', () => {
    for (const { host, state, step } of walk(scenario)) {
      if (state.shown !== null) expect(host.answer('inspect', [state.shown]), `step ${step}`).not.toBeNull();
    }
  });
});

describe('a text that cannot be used', () => {
  test.each([
    ['nothing', '', 1, 1],
    ['an unknown key', SMALL.text.replace('title: Small', 'titel: Small'), 2, 1],
    ['an unknown operation', SMALL.text.replace('p0 fork p1', 'p0 frok p1'), 8, 18],
    ['an unknown name in a claim', SMALL.text.replace('copies == 1', 'copise == 1'), 10, 19],
  ])(
    '(%s) is refused with its place and remedy, and the lab before it stays as it was',
    (_what, text, line, column) => {
      const { host } = openHost(CROWD);
      host.answer('seek', [9]);
      host.answer('type', ['p2 brk +1']);
      const before = host.answer('seek', [10]);
      const opened = host.answer('open', ['broken', text, [], 0]);
      expect(opened.state).toBeNull();
      expect(opened.reply.ok).toBe(false);
      const [problem] = opened.reply.problems;
      expect(problem).toMatchObject({ line, column });
      expect(problem!.message).not.toBe('');
      expect(problem!.remedy).not.toBe('');
      expect(host.answer('seek', [10]).snapshot.hash).toBe(before.snapshot.hash);
      expect(host.answer('next', []).player.position).toBe(11);
      expect(host.answer('typedSteps', [])).toHaveLength(1);
    },
  );
});

describe('typed commands', () => {
  test('are steps: the timeline grows by one, back undoes, on does again', () => {
    const { host } = openHost(SMALL);
    const before = host.answer('seek', [2]);
    const typed = host.answer('type', ['p0 touch_w A 6 1 9']);
    expect(typed.problems).toEqual([]);
    expect(typed.state.player).toMatchObject({ position: 3, length: 5, typedSteps: 1 });
    expect(typed.state.timeline?.outline.steps[2]).toMatchObject({ typed: true, title: 'p0 touch_w A 6 1 9' });
    expect(typed.state.timeline?.marks.some(({ step }) => step === 3)).toBe(true);
    expect(host.answer('back', []).snapshot.hash).toBe(before.snapshot.hash);
    expect(host.answer('next', []).snapshot.hash).toBe(typed.state.snapshot.hash);
  });

  test('that are wrong change nothing and say where', () => {
    const { host } = openHost(SMALL);
    const before = host.answer('seek', [2]);
    const { problems, state } = host.answer('type', ['p0 tuch_w A 0 1']);
    expect(problems).toMatchObject([{ line: 1, column: 4, message: 'tuch_w is no operation' }]);
    expect(problems[0]!.remedy).toContain('touch_w');
    expect(state.snapshot.hash).toBe(before.snapshot.hash);
    expect(state.player).toMatchObject({ position: 2, length: 4, typedSteps: 0 });
  });

  test('are dropped again, and the script stands where it was left', () => {
    const { host } = openHost(SMALL);
    const before = host.answer('seek', [2]);
    host.answer('type', ['p0 touch_w A 6 1 9']);
    host.answer('type', ['p1 munmap A 0 2']);
    const after = host.answer('discardTyped', []);
    expect(after.player).toMatchObject({ position: 2, length: 4, typedSteps: 0 });
    expect(after.snapshot.hash).toBe(before.snapshot.hash);
    expect(after.timeline?.outline.steps.some(({ typed }) => typed)).toBe(false);
  });

  test('come back with a kept place: the same step, the same state', () => {
    const { host } = openHost(SMALL);
    host.answer('seek', [2]);
    host.answer('type', ['p0 touch_w A 6 1 9']);
    host.answer('next', []);
    const left = host.answer('type', ['p1 munmap A 0 2']).state;
    const kept = host.answer('typedSteps', []);
    const again = new EngineHost().answer('open', [SMALL.name, SMALL.text, kept, left.player.position]);
    expect(again.state?.snapshot.hash).toBe(left.snapshot.hash);
    expect(again.state?.player.position).toBe(left.player.position);
    expect(again.state?.timeline?.outline.steps.filter(({ typed }) => typed)).toHaveLength(2);
  });

  test('of a place that make no sense any more are skipped, and the lab opens', () => {
    const typed = [
      { atStep: 1, text: 'p9 exit' },
      { atStep: 99, text: 'nonsense' },
    ];
    const opened = new EngineHost().answer('open', [SMALL.name, SMALL.text, typed, 99]);
    expect(opened.reply.ok).toBe(true);
    expect(opened.state?.player).toMatchObject({ position: 4, length: 4, typedSteps: 0 });
  });

  test('are completed with what exists here', () => {
    const { host } = openHost(SMALL);
    host.answer('seek', [2]);
    const texts = host.answer('complete', ['p1 tou', 6]).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['touch_r', 'touch_w']));
    expect(host.answer('complete', ['p0 touch_w ', 11]).map(({ text }) => text)).toContain('A');
  });
});

test('claims that fail are counted up to the step that is shown, and no longer when it goes back', () => {
  const { host } = openHost(SMALL);
  const counts = [1, 2, 3, 4].map(() => host.answer('next', []).failed);
  expect(counts).toEqual([0, 0, 1, 1]);
  expect(host.answer('seek', [2]).failed).toBe(0);
});

test('a question is known before its step and its answer only after it', () => {
  const { host } = openHost(CROWD);
  const before = host.answer('seek', [7]);
  expect(before.player.nextAsk).toEqual({ kind: 'number', text: 'How many frames does fork copy?', choices: [] });
  expect(JSON.stringify(before)).not.toContain('"answer"');
  expect(host.answer('next', []).player.report?.ask?.answer).toBe('0');
});

describe('inspecting', () => {
  test('never changes anything', () => {
    const { host } = openHost(CROWD);
    const before = host.answer('seek', [9]);
    for (const { view, vmas } of before.snapshot.tasks) {
      for (const vma of vmas) {
        host.answer('inspect', [{ kind: 'vma', pid: view.pid, start: vma.view.start }]);
        for (const run of vma.runs) host.answer('inspect', [{ kind: 'page', pid: view.pid, page: run.page }]);
      }
    }
    for (let frame = 0; frame < before.snapshot.frames.total; frame++)
      host.answer('inspect', [{ kind: 'frame', frame }]);
    expect(host.answer('seek', [9]).snapshot.hash).toBe(before.snapshot.hash);
    const after = host.answer('next', []).snapshot.hash;
    expect(openHost(CROWD).host.answer('seek', [10]).snapshot.hash).toBe(after);
  });

  test('of what is gone says so with null', () => {
    const { host } = openHost(CROWD);
    host.answer('seek', [13]);
    expect(host.answer('inspect', [{ kind: 'page', pid: 1, page: 34_359_697_664 }])).toBeNull();
    expect(host.answer('inspect', [{ kind: 'vma', pid: 0, start: 12 }])).toBeNull();
    expect(host.answer('inspect', [{ kind: 'page', pid: 99, page: 1 }])).toBeNull();
  });

  test('of a written page shows the bytes, the walk through four levels and the bits', () => {
    const { host } = openHost(SMALL);
    const { snapshot } = host.answer('seek', [1]);
    const a = snapshot.tasks[0]!.vmas.find(({ view }) => view.region === 'A')!.view;
    const seen = host.answer('inspect', [{ kind: 'page', pid: 0, page: a.start }])!;
    expect(seen.title).toContain('A+0');
    expect(seen.bytes?.[0]).toBe(1);
    expect(seen.walk.map(({ level }) => level)).toEqual([4, 3, 2, 1]);
    expect(seen.facts.find(({ name }) => name === 'bits')?.value).toContain('dirty');
  });
});

test('a panic report leads to the mistake: seed, place, last calls', () => {
  const { host } = openHost(SMALL);
  host.answer('seek', [2]);
  const { message, report } = host.panicOf(new Error('a frame belongs to nobody'));
  expect(message).toBe('a frame belongs to nobody');
  for (const part of ['scenario: small', 'position: 2', 'seed 2', 'seek [2]']) expect(report).toContain(part);
});
