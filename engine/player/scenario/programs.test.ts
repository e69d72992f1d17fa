import { describe, expect, test } from 'vitest';
import { formatProblem } from '../text/problem.ts';
import { rehearse } from '../rehearse.ts';
import { compileScenario, type RunOptions } from './compile-scenario.ts';

const PROGRAM = [
  '#include <stdlib.h>',
  '#include <unistd.h>',
  '#include <sys/wait.h>',
  'struct node { char tag; struct node *next; long key; unsigned bits : 5; double half; };',
  'int table[4] = { 7, 8, 9, -10 };',
  'long fact(int n) { if (n < 2) return 1; return n * fact(n - 1); }',
  'int main(void) {',
  '  int x = 5, *p = &x;',
  "  struct node a = { 'a', 0, 1L << 40, 17, 0.5 }, b = { 'b', &a, 3 };",
  '  x++;',
  '  for (int i = 0; i < 3; i++)',
  '    table[i] += i;',
  '  long f = fact(4);',
  '  if (fork() == 0) { x = 100; _exit(x); }',
  '  int status;',
  '  wait(&status);',
  '  *p = WEXITSTATUS(status) + (int)f;',
  '  b.next->key++;',
  '  return x;',
  '}',
];

const scenario = (steps: readonly (readonly [string[], string[]])[], program = PROGRAM): string =>
  [
    'format: faultline/1',
    'title: A program',
    'machine: { ram: 128 }',
    'programs:',
    '  demo: |',
    ...program.map((line) => `    ${line}`),
    'chapters:',
    '  - title: One',
    '    steps:',
    ...steps.flatMap(([commands, claims]) => [
      '      - do:',
      ...commands.map((each) => `          - ${each}`),
      ...(claims.length === 0 ? [] : ['        expect:', ...claims.map((each) => `          - "${each}"`)]),
    ]),
    '',
  ].join('\n');

function play(text: string, run: RunOptions = {}): { problems: string[]; failed: string[] } {
  const compiled = compileScenario(text, run);
  if (!compiled.ok) return { problems: compiled.problems.map((p) => formatProblem('F', p)), failed: [] };
  const { reports, problems } = rehearse(compiled.scenario);
  const failed = reports.flatMap(({ expect: claims }) =>
    claims.filter(({ ok }) => !ok).map(({ text: claim, got }) => `${claim}: ${got}`),
  );
  return { problems: problems.map((p) => formatProblem('F', p)), failed };
}

describe('a scenario with a C program', () => {
  test('runs it to lines, steps it, and claims things of its variables', () => {
    const done = play(
      scenario([
        [
          ['p0 exec demo', 'run p0 to line 10'],
          ['line(p0) == 10', 'p0.x == 5', '*p0.p == 5', '&p0.x == p0.p', 'p0.a.key == 1099511627776'],
        ],
        [['step p0'], ['p0.x == 6', 'line(p0) == 11', 'before.p0.x == 5']],
        [['p0 step 2'], ['p0.i == 0', 'p0.table[0] == 7']],
        [
          ['p0 run to line 13'],
          ['p0.table[1] == 9', 'p0.table[3] == 0 - 10', 'p0.b.next->bits == 17', 'p0.b.next->half == 0.5'],
        ],
        [['p0 step into'], ['line(p0) == 6', 'p0.n == 4', 'p0.x == 6']],
        [['p0 run to fact'], ['p0.n == 3']],
        [
          ['p0 run to line 14'],
          [
            'p0.f == 24',
            'sizeof(p0.a) == 40',
            'offset(p0.a.key) == 16',
            'sizeof(p0.table) == 16',
            'offset(p0.b.next->half) == 32',
          ],
        ],
        [['p0 run until cow'], ['copies == 1']],
        [['p0 run to line 18'], ['p0.x == 124', 'p0.a.key == 1099511627776']],
        [['p0 step'], ['p0.a.key == 1099511627777']],
        [['p0 run'], ['ret == 124', 'not alive(p0)']],
      ]),
    );
    expect(done).toEqual({ problems: [], failed: [] });
  });

  test('is refused with the place of what is wrong in it', () => {
    expect(play(scenario([[['p0 exec demo'], []]], ['int main(void) {', '  return y;', '}'])).problems).toEqual([
      'F:7:14: y is not declared; mend the program',
    ]);
    expect(play(scenario([[['p0 exec demo'], ['p0.y == 1']]])).problems).toEqual([
      expect.stringMatching(/^F:\d+:\d+: a task has no y; /),
    ]);
  });

  test('may stand in a file of its own', () => {
    const text = scenario([[['p0 exec demo', 'p0 run'], ['ret == 7']]], []).replace('demo: |', 'demo: demo.c');
    expect(play(text, { files: (name) => (name === 'demo.c' ? 'int main(void) { return 7; }' : null) })).toEqual({ problems: [], failed: [] }); // prettier-ignore
    expect(play(text).problems[0]).toContain('demo.c is not beside the scenario');
    expect(play(text, { files: () => 'int main(void) { return }' }).problems[0]).toContain('demo.c:1:25');
  });

  test('fails a claim, and a command, that do not hold', () => {
    const done = play(
      scenario([
        [['p0 exec demo', 'p0 run to line 10'], ['p0.x == 6']],
        [['p0 run to line 99'], []],
      ]),
    );
    expect(done.failed).toEqual(['p0.x == 6: 5', 'p0 run to line 99 succeeds: the program has no statement at line 99 or behind it']); // prettier-ignore
  });
});
