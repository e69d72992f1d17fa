import { describe, expect, test } from 'vitest';
import type { StepReport } from '../protocol/player.ts';
import { formatProblem } from './text/problem.ts';
import { compileScenario } from './scenario/compile-scenario.ts';
import { Player } from './player.ts';
import { rehearse } from './rehearse.ts';

const withSteps = (...steps: string[]): string =>
  [
    'format: faultline/1',
    'title: T',
    'machine: { ram: 64 }',
    'chapters:',
    '  - title: One',
    '    steps:',
    ...steps,
    '',
  ].join('\n');

function reportsOf(source: string): readonly StepReport[] {
  const compiled = compileScenario(source);
  expect(compiled.ok ? [] : compiled.problems).toEqual([]);
  return compiled.ok ? rehearse(compiled.scenario).reports : [];
}

const MAPPED = '      - do: [ p0 mmap A 8 rw, p0 touch_w A 0 6 1 ]';

describe('claims', () => {
  test('are judged with what was measured', () => {
    const [report] = reportsOf(withSteps(`${MAPPED}\n        expect: [ p0.rss == 6, p0.rss == 5 ]`));
    expect(report).toMatchObject({
      ok: false,
      expect: [
        { text: 'p0.rss == 6', ok: true, got: '6', line: 8 },
        { ok: false, got: '6', column: 32 },
      ],
    });
  });

  test('see the state ahead of the step, of frames too', () => {
    const reports = reportsOf(
      withSteps(
        MAPPED,
        '      - do: [ p0 fork p1 ]',
        '      - do: [ p1 touch_w A 2 1 ]',
        '        expect:',
        '          - frames.used - before.frames.used == 1',
        '          - same_frame(p0:A+2, before.p1:A+2)',
        '          - not same_frame(p1:A+2, before.p1:A+2)',
        '          - copies == 1 and minflt(p1) == 1 and minflt(p0) == 0',
        '          - p0.pss + p1.pss == before.p0.pss + before.p1.pss + 1',
        '          - p1.pss == 5 / 2 + 1',
      ),
    );
    expect(reports[2]!.expect.filter((e) => !e.ok)).toEqual([]);
  });

  test('about the bytes of two processes', () => {
    const reports = reportsOf(
      withSteps(
        MAPPED,
        '      - do: [ p0 fork p1, p1 touch_w A 0 1 2 ]',
        '        expect: [ "byte(p0:A+0) == 1", "byte(p1:A+0) == 2", "state(p0:A+1) == readOnly", "refcount(p0:A+1) == 2" ]',
      ),
    );
    expect(reports[1]!.ok).toBe(true);
  });
});

describe('a command that fails', () => {
  test.each([
    ['p0 touch_w text 0 1', 'SIGSEGV (permission)', 'signal(p0) == SIGSEGV'],
    ['p0 mmap A 4 rw at text+0', 'EEXIST', 'ret == EEXIST'],
    ['p0 brk -100', 'unchanged brk=4', 'ret == ENOMEM'],
    ['p0 mmap B 100000 rw', 'ENOMEM', 'errno == ENOMEM'],
  ])('%s fails the step unless a claim names it', (command, got, claim) => {
    const [failing] = reportsOf(withSteps(`      - do: [ ${command} ]`));
    expect(failing).toMatchObject({
      ok: false,
      expect: [{ text: `${command} succeeds`, ok: false, got, line: 7, column: 15 }],
    });
    const [expecting] = reportsOf(withSteps(`      - do: [ ${command} ]`, `        expect: [ ${claim} ]`));
    expect(expecting!.ok).toBe(true);
  });
});

describe('what the engine does not confirm', () => {
  test.each([
    [
      'ask: { kind: choice, text: Q, choices: [0, 1], answer: p0.rss }',
      'F:9:64: the engine measures 6, which is none of the choices; add 6 to the choices',
    ],
    [
      'ask: { kind: number, text: Q, answer: byte(p0:A+7) }',
      /^F:9:47: the answer cannot be measured: p0:A\+7 is not resident; /,
    ],
    [
      'show: { select: "p0:A+20" }',
      'F:9:25: p0:A+20 is not mapped here; select something that exists behind this step',
    ],
    [
      'show: { select: "frame p0:A+7" }',
      'F:9:25: p0:A+7 has no frame here; select something that exists behind this step',
    ],
    [
      'show: { select: "frame 64" }',
      'F:9:25: there is no frame 64: the machine has 64; select something that exists behind this step',
    ],
  ])('%s', (line, wanted) => {
    const reply = new Player().open(withSteps(MAPPED, `      - say: x`, `        ${line}`));
    expect(reply.ok ? [] : reply.problems.map((p) => formatProblem('F', p))).toEqual([
      typeof wanted === 'string' ? wanted : expect.stringMatching(wanted),
    ]);
  });

  test('true and false are the choices yes and no', () => {
    const [report] = reportsOf(
      withSteps(MAPPED, `        ask: { kind: choice, text: Q, choices: [yes, no], answer: p0.rss == 6 }`),
    );
    expect(report!.ask).toMatchObject({ choices: ['yes', 'no'], answer: 'yes' });
  });
});

describe('what the view should show', () => {
  test.each([
    ['p0:A', { kind: 'vma', pid: 0 }],
    ['p0:A+2', { kind: 'page', pid: 0 }],
    ['frame p0:A+2', { kind: 'frame' }],
    ['frame 3', { kind: 'frame', frame: 3 }],
    ['p0', null],
  ])('%s is found', (text, selection) => {
    const [report] = reportsOf(withSteps(MAPPED, `        show: { select: "${text}", zoom: page }`));
    expect(report!.show).toMatchObject({ text, zoom: 'page', selection });
  });
});
