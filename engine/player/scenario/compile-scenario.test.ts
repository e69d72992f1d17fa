import fc from 'fast-check';
import { parseDocument, type Scalar, stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../text/problem.ts';
import { compileScenario } from './compile-scenario.ts';
import { placedScalar } from './placed-text.ts';

/** A scenario around the lines of one step; the step starts at line 9. */
const withStep = (...lines: string[]): string =>
  [
    'format: faultline/1',
    'title: A title',
    'features: [B1]',
    'machine: { ram: 64 }',
    'parameters: { pages: 6 }',
    'chapters:',
    '  - title: One',
    '    steps:',
    ...lines.map((line, i) => (i === 0 ? '      - ' : '        ') + line),
    '',
  ].join('\n');

const problemsOf = (source: string): string[] => {
  const compiled = compileScenario(source);
  return compiled.ok ? [] : compiled.problems.map((p) => formatProblem('F', p));
};

const GOOD = withStep(
  'say: The parent writes ${pages} pages.',
  'note: Ask first.',
  'mark: start',
  'pause: true',
  'do:',
  '  - p0 mmap A 8 rw private anon',
  '  - p0 touch_w A 0 ${pages}',
  'show: { select: "p0:A", zoom: vma, links: [copy] }',
  'ask: { kind: choice, text: How many?, choices: [0, 6, 8], answer: minflt(p0), why: { 8: "Only ${pages} are written." } }',
  'expect:',
  '  - p0.rss == pages',
);

describe('a scenario that can be played', () => {
  test('is read with all its fields', () => {
    const compiled = compileScenario(GOOD);
    expect(compiled.ok ? [] : compiled.problems).toEqual([]);
    if (!compiled.ok) return;
    const { scenario } = compiled;
    expect(scenario).toMatchObject({ title: 'A title', features: ['B1'], chapters: [{ title: 'One', firstStep: 1 }] });
    expect(scenario.machine).toEqual({ ramPages: 64, swapPages: 0, overcommit: 0, seed: 1, image: 'program' });
    expect(scenario.steps[0]).toMatchObject({
      say: 'The parent writes 6 pages.',
      note: 'Ask first.',
      mark: 'start',
      pause: true,
      commands: [
        { text: 'p0 mmap A 8 rw private anon', line: 14, column: 13 },
        { text: 'p0 touch_w A 0 6', line: 15, column: 13 },
      ],
      show: { text: 'p0:A', zoom: 'vma', links: ['copy'] },
      ask: { kind: 'choice', choices: ['0', '6', '8'], why: [null, null, 'Only 6 are written.'] },
      expect: [{ text: 'p0.rss == pages', line: 19, column: 13 }],
    });
  });

  test('takes parameters and machine options of one run over its own', () => {
    const compiled = compileScenario(GOOD, { parameters: { pages: 3 }, machine: { ramPages: 128, seed: 9 } });
    expect(compiled.ok && compiled.scenario.steps[0]!.say).toBe('The parent writes 3 pages.');
    expect(compiled.ok && compiled.scenario.machine).toMatchObject({ ramPages: 128, seed: 9 });
  });

  test('sets settings of the machine, each within its range', () => {
    const source = GOOD.replace('ram: 64', 'ram: 64, sysctl: { swappiness: 10, page-cluster: 0 }');
    const compiled = compileScenario(source);
    expect(compiled.ok && compiled.scenario.machine.sysctls).toEqual({ swappiness: 10, 'page-cluster': 0 });
    expect(problemsOf(source.replace('10', '201'))).toEqual(['F:4:43: swappiness does not take 201; write 0 to 200']);
  });

  test.each([
    ['64', 64],
    ['256K', 64],
    ['1M', 256],
    ['1G', 262144],
  ])('a size of %s is %i frames', (ram, frames) => {
    const compiled = compileScenario(GOOD.replace('ram: 64', `ram: ${ram}`));
    expect(compiled.ok && compiled.scenario.machine.ramPages).toBe(frames);
  });

  test('commands may stand in a block, one a line', () => {
    const compiled = compileScenario(withStep('do:', '  - |', '    p0 brk +1', '    p0 state # nothing'));
    expect(compiled.ok && compiled.scenario.steps[0]!.commands.map((c) => [c.text, c.line, c.column])).toEqual([
      ['p0 brk +1', 11, 13],
      ['p0 state', 12, 13],
    ]);
  });
});

describe('a scenario that cannot be used names the place and what to do', () => {
  test.each([
    // the file
    ['', 'F:1:1: the file: a scenario must be a table; start with format: faultline/1'],
    [
      'format: faultline/2\n',
      'F:1:9: faultline/2 is no format that this lab reads; get a newer lab, or rewrite the file as faultline/1',
    ],
    ['title: x\n', 'F:1:1: the format is missing; start with format: faultline/1'],
    ['format: faultline/1\ntitle: "x\n', /^F:3:1: this is no YAML: Missing closing "quote; /],
    [
      'format: faultline/1\ntitle: a\ntitle: b\n',
      'F:3:1: this is no YAML: Map keys must be unique; remove one of the two',
    ],
    ['a: &x [1]\nb: *x\n', 'F:2:4: *x is an alias; write the value out'],
    [`${'['.repeat(20000)}`, /^F:1:/],
    // shape
    [GOOD.replace('title: A title', 'titel: A title'), 'F:2:1: titel is no key here; did you mean title?'],
    [GOOD.replace('    steps:', '    stepps:'), 'F:8:5: stepps is no key here; did you mean steps?'],
    [GOOD.replace('pause: true', 'pause: maybe'), 'F:12:16: pause: this must be true or false; write true or false'],
    [GOOD.replace('ram: 64', 'ram: 64.5'), 'F:4:17: ram: this must be a whole number; write digits without a point'],
    [GOOD.replace('ram: 64', 'ram: lots'), 'F:4:17: ram: this is no size; write frames such as 64, or 256K, 1M, 1G'],
    [GOOD.replace('ram: 64', 'ram: 23'), 'F:4:17: RAM of 23 frames is too small; give 24 to 1048576 frames'],
    [GOOD.replace('ram: 64', 'ram: 8G'), 'F:4:17: RAM of 2097152 frames is too large; give 24 to 1048576 frames'],
    [
      GOOD.replace('ram: 64', 'ram: 64, swap: 4G'),
      'F:4:27: swap of 1048576 slots is too large; give fewer than 1048576 slots',
    ],
    [GOOD.replace('ram: 64', 'overcommit: 3'), 'F:4:24: overcommit: there is no such overcommit mode; write 0, 1 or 2'],
    [GOOD.replace('[B1]', '[B1, B9]'), 'F:3:16: B9 is no feature; use an id of the feature list, such as B2'],
    [GOOD.replace('{ pages: 6 }', '{ pages: 6, rss: six }'), 'F:5:30: rss: a parameter must be a number; write digits'],
    [
      GOOD.replace('{ pages: 6 }', '{ pages: 6, copies: 1 }'),
      'F:5:25: copies has a meaning of its own; choose another name',
    ],
    [
      GOOD.replace('{ pages: 6 }', '{ pages: 6, Pages: 1 }'),
      'F:5:25: Pages: this is no name of a parameter; use small letters, digits and _, a letter first',
    ],
    // commands
    [withStep('do: [ p0 mmapp A 8 rw ]'), 'F:9:18: mmapp is no operation; did you mean mmap?'],
    [withStep('do:', '  - "p0 \\x6dmapp A 8 rw"'), 'F:10:17: mmapp is no operation; did you mean mmap?'],
    [withStep("do: [ 'p0 ''mmap' ]"), /^F:9:19: 'mmap is no operation; /],
    [
      withStep('do:', '  - |', '    p0 brk +1', '    p0 brk up'),
      'F:12:20: up is no change of the break; write +3, -3, =3 or +100b',
    ],
    [
      withStep('do:', '  - >', '    p0 mmap A', '    8 rwz'),
      'F:12:15: rwz is no protection; write letters of r, w, x, or none',
    ],
    [withStep('do:', '  - p0 mmap A', '    8 rwz'), 'F:11:15: rwz is no protection; write letters of r, w, x, or none'],
    [withStep('do: [ p0 touch_w A 0 ]'), 'F:9:29: PAGES is missing; write pN touch_w REGION OFF PAGES [BYTE]'],
    [withStep('do: [ "p0 brk ${pagse}" ]'), 'F:9:23: there is no parameter pagse; did you mean pages?'],
    [withStep('do: [ "p0 brk +${pages}c" ]'), 'F:9:23: +6c is no change of the break; write +3, -3, =3 or +100b'],
    [
      withStep('do: [ "p0 brk +${pages} now" ]'),
      'F:9:33: now is one word too many; write pN brk +PAGES | -PAGES | =PAGES',
    ],
    [withStep('do: [ p1 state ]'), 'F:9:15: p1 does not exist here; fork it first: p0 fork p1'],
    [
      withStep('do: [ "# nothing" ]'),
      'F:9:15: there is no command here; write one such as p0 brk +1, or remove the line',
    ],
    // expressions
    [withStep('expect:', '  - copys == 1'), 'F:10:13: copys is unknown; did you mean copies?'],
    [withStep('expect:', '  - "${pages} == p0.rsss"'), 'F:10:29: a task has no rsss; did you mean rss?'],
    [withStep('expect:', '  - refcount(p0:B+0) == 1'), 'F:10:13: B is no region here; map it first: p0 mmap B …'],
    [
      withStep('expect:', '  - copies'),
      'F:10:13: this claims nothing: it is neither true nor false; compare it with something, such as == 1',
    ],
    // questions and views
    [
      withStep('ask: { kind: number, text: How many?, answer: 6 }'),
      'F:9:55: the engine cannot confirm a fixed answer; write what it measures, such as copies or p0.rss',
    ],
    [
      withStep('ask: { kind: choice, text: How many?, answer: copies }'),
      'F:9:14: choices is missing; add choices: [0, 1, 6]',
    ],
    [
      withStep('ask: { kind: choice, text: Q, choices: [0, 0], answer: copies }'),
      'F:9:52: 0 stands here twice; remove one',
    ],
    [withStep('ask: { kind: number, text: Q, answer: errno }'), 'F:9:47: the answer is no number; use kind: choice'],
    [
      withStep('ask: { kind: choice, text: Q, choices: [0, 1], answer: copies, why: { 7: no } }'),
      'F:9:79: 7 is none of the choices; give reasons for choices only',
    ],
    [withStep('show: { select: "p0-A" }'), /^F:9:25: p0-A is nothing that can be selected; write p0:A/],
    [withStep('show: { select: "p0:Z+1" }'), 'F:9:25: Z is no region here; map it first: p0 mmap Z …'],
    [
      withStep('show: { zoom: vm }'),
      'F:9:23: zoom: there is no such zoom; write one of machine, task, vma, page, bytes',
    ],
  ])('%#', (source, wanted) => {
    const problems = problemsOf(source);
    expect(problems).toEqual([typeof wanted === 'string' ? wanted : expect.stringMatching(wanted)]);
  });

  test('everything wrong is reported at once, in reading order', () => {
    const source = GOOD.replace('[B1]', '[Z1]').replace('touch_w A', 'touch_q A').replace('p0.rss', 'p0.rs');
    expect(problemsOf(source).map((p) => p.split(':')[1])).toEqual(['3', '15', '19']);
  });

  test('what does not fit the schema hides nothing that stands apart from it', () => {
    const source = GOOD.replace('pause: true', 'pause: maybe')
      .replace('touch_w A', 'touch_q A')
      .replace('p0.rss', 'p0.rs');
    expect(problemsOf(source).map((p) => p.split(': ')[1])).toEqual([
      'pause', 'touch_q is no operation; did you mean touch_r?', 'a task has no rs; did you mean rss?',
    ]); // prettier-ignore
  });

  test.each(['do', 'doo'])('what may only follow from commands that could not be read is not reported: %s', (key) => {
    const source = withStep(`${key}: 5`, 'expect: [ copys == 1, "refcount(p0:A+0) == 1" ]').replace(
      '{ pages: 6 }',
      '{ }',
    );
    expect(problemsOf(source)).toHaveLength(1);
  });

  test('every unknown key is reported, not only the first', () => {
    const source = GOOD.replace('machine: { ram: 64 }', 'machine: { ramm: 64, sede: 1 }').replace('pause:', 'pauses:');
    expect(problemsOf(source).map((p) => p.split(';')[1])).toEqual([
      ' did you mean ram?',
      ' did you mean seed?',
      ' did you mean pause?',
    ]);
  });

  test('a parameter that the scenario does not have is refused', () => {
    const compiled = compileScenario(GOOD, { parameters: { pagse: 3 } });
    expect(compiled.ok ? [] : compiled.problems.map((p) => p.message)).toEqual(['the scenario has no parameter pagse']);
  });
});

describe('places inside YAML text', () => {
  const words = fc.array(fc.stringMatching(/^[a-zA-Z'"\\:#é]{1,6}$/), { minLength: 1, maxLength: 12 });
  const styles = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;

  test('every visible character is found where it stands, in every way to write a text', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(...styles), fc.integer({ min: 20, max: 60 }), (list, style, lineWidth) => {
        const source = stringify({ say: list.join(' ') }, { defaultStringType: style, lineWidth });
        const node = parseDocument(source).get('say', true) as Scalar;
        const placed = placedScalar(source, node);
        expect(placed.text).toBe(node.value);
        [...placed.text].forEach((character, i) => {
          if (/\s/.test(character)) return;
          const found = source[placed.at(i)];
          expect(found === character || found === '\\').toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });
});
