import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../protocol/player.ts';
import { complete } from './commands/complete.ts';
import { parseScript } from './commands/parse-script.ts';
import { compileExpression } from './expression/expression.ts';
import { compileScenario } from './scenario/compile-scenario.ts';
import { Player } from './player.ts';

/** Whatever a person writes is answered with a result or with problems that have a place; nothing is thrown. */

const lesson = readFileSync(new URL('../../scenarios/who-copies/scenario.yaml', import.meta.url), 'utf8');

function expectPlaces(problems: readonly Problem[], text: string): void {
  const lines = text.split('\n');
  for (const { line, column, message, remedy } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
    expect(message).not.toBe('');
    expect(remedy).not.toBe('');
  }
}

const piece = fc.constantFrom(
  ...[
    'p0',
    ':',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|',
    '>',
    '&a',
    '*a',
    '!!x',
    '#',
    '\t',
    '\n',
    '  ',
    '${',
    '${pages}',
    'null',
    '9e99',
  ],
  ...[
    'mmap A 8 rw',
    'copies == 1',
    '\u0000',
    '\uFEFF',
    '€',
    '😀',
    '__proto__: 1',
    'constructor',
    'do:',
    'expect:',
    'ask:',
    '%',
    '---',
  ],
);

describe('a scenario in which anything is changed', () => {
  const edit = fc.record({ at: fc.nat(lesson.length), remove: fc.nat(40), insert: fc.array(piece, { maxLength: 4 }) });

  test('is played or refused with places', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = lesson;
        for (const { at, remove, insert } of edits)
          text = text.slice(0, at) + insert.join('') + text.slice(at + remove);
        const compiled = compileScenario(text);
        if (!compiled.ok) {
          expect(compiled.problems.length).toBeGreaterThan(0);
          expectPlaces(compiled.problems, text);
        }
      }),
      { numRuns: 250 },
    );
  });

  test.each([
    ['a machine of four gigabytes', lesson.replace('ram: 64', 'ram: 4G')],
    ['nothing but a byte order mark', '\uFEFF'],
    ['a list', '- 1\n- 2\n'],
    ['deep maps', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['carriage returns', lesson.replaceAll('\n', '\r\n')],
  ])('%s', (_, text) => {
    const reply = new Player().open(text);
    if (!reply.ok) expectPlaces(reply.problems, text);
  });

  test('line ends of Windows change nothing', () => {
    expect(new Player().open(lesson.replaceAll('\n', '\r\n')).ok).toBe(true);
  });
});

describe('any text', () => {
  const words = fc
    .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 12 })
    .map((parts) => parts.join(' '));

  test('is a script or has problems inside it', () => {
    fc.assert(
      fc.property(words, (text) => {
        for (const { start, end } of parseScript(text).problems) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  test('is an expression or has problems inside it', () => {
    const context = { parameters: new Set<string>(), tasks: new Set([0]), regions: new Set(['A']) };
    const operators = fc.constantFrom(
      'and',
      'or',
      'not',
      '(',
      ')',
      '==',
      '<',
      '+',
      '/',
      'p0.rss',
      'p0:A+1',
      'refcount',
      ',',
      'ret',
      'before.',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          words,
          fc.array(operators, { maxLength: 12 }).map((o) => o.join(' ')),
        ),
        (text) => {
          const compiled = compileExpression(text, context, 'boolean');
          if (compiled.ok) return;
          for (const { start, end } of compiled.problems) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });

  test('is completed without harm, and only to the left of the cursor', () => {
    fc.assert(
      fc.property(words, fc.nat(80), (text, at) => {
        const cursor = Math.min(at, text.length);
        for (const c of complete(text, cursor, { regions: ['A'], tasks: [0] }))
          expect(c.from).toBeLessThanOrEqual(cursor);
      }),
    );
  });

  test('can be typed at the console', () => {
    const player = new Player();
    player.openFree({ ramPages: 64 });
    fc.assert(
      fc.property(words, (text) => {
        const reply = player.typeCommand(text);
        if (!reply.ok) expectPlaces(reply.problems, text);
      }),
    );
  });
});
