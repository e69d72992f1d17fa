import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Probe } from './ast.ts';
import { compileExpression, judge, namedWords } from './expression.ts';
import { evaluate, formatValue, number, truth, word, type Scope, type Value } from './evaluate.ts';
import { parseExpression } from './parse-expression.ts';
import { add, compare, divide, formatRational, fromNumber, multiply, rational, subtract, whole } from './rational.ts';

const context = {
  parameters: new Set(['pages', 'half']),
  tasks: new Set([0, 1]),
  regions: new Set(['A', 'heap', 'bss']),
  pointers: new Set(['a', 'b']),
};

/** A machine in which p1 has copied page 2 of A. */
function read(probe: Probe): Value {
  if (probe.kind === 'machine') return number({ 'frames.used': 27 }[probe.field as string] ?? 0);
  if (probe.kind === 'alive') return truth(probe.task === 0);
  if (probe.kind === 'task') {
    if (probe.field === 'pss') return { kind: 'number', value: rational(10n, 3n) };
    return number(probe.field === 'rss' ? 6 : 1);
  }
  if (probe.kind === 'heap') return number(4096);
  if (probe.kind === 'break' || probe.kind === 'variable' || probe.kind === 'secret') return number(33);
  if (probe.kind === 'line' || probe.kind === 'finding') return number(33);
  if (probe.kind === 'pointer') return probe.field === 'life' ? word('tcache') : number(104);
  if (probe.field === 'refcount') return number(probe.task === 0 ? 2 : 1);
  if (probe.field === 'state') return word('readOnly');
  if (probe.field === 'byte') return { kind: 'error', message: 'p0:A+7 is not resident' };
  return probe.offset.bytes === 0 ? word('14') : word(probe.task === 0 ? '15' : '27');
}

const scope: Scope = {
  parameters: new Map([
    ['pages', 6],
    ['half', 0.5],
  ]),
  facts: {
    ret: 'ENOMEM',
    errno: 'ENOMEM',
    copies: 1,
    syscalls: 2,
    library_ns: 64,
    system_ns: 100,
    fault_ns: 500,
    blamed_ago: 0,
    byTask: new Map([[1, { signal: 'SIGSEGV', minflt: 3, majflt: 0 }]]),
  },
  now: { read },
  before: { read: (probe) => (probe.kind === 'machine' ? number(26) : read(probe)) },
};

const valueOf = (text: string): string => {
  const compiled = compileExpression(text, context, null);
  expect(compiled.ok ? [] : compiled.problems).toEqual([]);
  return compiled.ok ? formatValue(evaluate(compiled.value.node, scope)) : '';
};

describe('values', () => {
  test.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['-2 - -3', '1'],
    ['1 / 3 + 1 / 3 + 1 / 3 == 1', 'true'],
    ['0.1 + 0.2 == 0.3', 'true'],
    ['half * 2 == 1', 'true'],
    ['1 / 0 == 1', 'a division by zero'],
    ['p0.pss == 10 / 3', 'true'],
    ['p0.rss == pages', 'true'],
    ['p0.heap.in_use', '4096'],
    ['p0.brk == 33', 'true'],
    ['usable(p0:a) - 4', '100'],
    ['life(p0:a) == tcache', 'true'],
    ['syscalls + library_ns', '66'],
    ['frames.used - before.frames.used == 1', 'true'],
    ['refcount(p0:A+0) == 2 and refcount(p1:A+0) == 1', 'true'],
    ['same_frame(p0:A+0, p1:A+0)', 'true'],
    ['not same_frame(p0:A+2, p1:A+2)', 'true'],
    ['same_frame(p0:A+2, before.p0:A+2)', 'true'],
    ['state(p0:A+2) == readOnly', 'true'],
    ['byte(p0:A+7) == 1', 'p0:A+7 is not resident'],
    ['ret == ENOMEM', 'true'],
    ['ret == ok', 'false'],
    ['ret == 0', 'false'],
    ['errno != none', 'true'],
    ['signal(p1) == SIGSEGV', 'true'],
    ['signal(p0) == none', 'true'],
    ['minflt(p1) == 3', 'true'],
    ['minflt(p0) == 0', 'true'],
    ['copies', '1'],
    ['alive(p1) or p0.rss == 6', 'true'],
    ['not alive(p1) and 1 < 2', 'true'],
    ['alive(p1) and byte(p0:A+7) == 1', 'false'],
    ['2 >= 2 and 2 <= 2 and not 2 < 2 and not 2 > 2', 'true'],
  ])('%s is %s', (text, expected) => expect(valueOf(text)).toBe(expected));
});

describe('what a verdict shows', () => {
  test.each([
    ['copies == 2', false, '1'],
    ['copies == 1', true, '1'],
    ['p0.rss == p0.anon', false, '6 against 1'],
    ['copies == 1 and p0.rss == 5', false, '1, 6'],
    ['not same_frame(p0:A+0, p1:A+0)', false, 'true'],
    ['byte(p0:A+7) == 1', false, 'p0:A+7 is not resident'],
  ])('%s', (text, ok, got) => {
    const compiled = compileExpression(text, context, 'boolean');
    expect(compiled.ok && judge(compiled.value, scope)).toEqual({ ok, got });
  });
});

describe('an expression that cannot be used', () => {
  test.each([
    ['copys == 1', 0, 'copys is unknown', 'did you mean copies?'],
    ['p0.rsss == 1', 3, 'a task has no rsss', 'did you mean rss?'],
    ['before.frames.usd == 1', 0, 'frames.usd is unknown', 'did you mean frames.used?'],
    ['before.copies == 1', 0, 'copies belongs to this step and has no before', 'write copies alone'],
    ['copies = 1', 7, '= is no part of an expression', 'compare with =='],
    ['copies == 1 && ret == 0', 12, '& is no part of an expression', 'write and'],
    ['copies', 0, 'this claims nothing: it is neither true nor false', /such as == 1/],
    ['copies == ', 9, 'a value is missing before the end', /write a number/],
    ['copies == 1 copies', 12, 'copies cannot stand here', /operator/],
    ['1 < 2 < 3', 6, 'a second comparison cannot follow the first', /and/],
    ['(copies == 1', 12, 'the parenthesis opened at column 1 is not closed', 'write )'],
    ['refcount(p0) == 1', 9, 'refcount wants a page such as p0:A+2 here', 'write refcount(p0:A+2)'],
    ['same_frame(p0:A+0)', 0, 'same_frame takes 2 and got 1', /p0:A\+2, p0:A\+2/],
    ['refcnt(p0:A+0) == 1', 0, 'refcnt is no function', 'did you mean refcount?'],
    ['refcount == 1', 0, 'refcount is a function', 'write refcount(…)'],
    ['refcount(p0:B+0) == 1', 0, 'B is no region here', 'map it first: p0 mmap B …'],
    ['signal(p7) == none', 0, 'p7 is never made before this step', 'fork it first: p0 fork p7'],
    ['p1000.rss == 0', 0, 'p1000 is no task', 'write p0 … p999'],
    ['errno == SIGSEGV', 9, 'an error number is never SIGSEGV', /ENOMEM/],
    ['state(p0:A+0) == resdent', 17, 'resdent is unknown', 'did you mean resident?'],
    ['copies == resident', 10, 'a number is never resident', 'compare it with a number'],
    ['p0:A+0 == p1:A+0', 0, 'pages are not compared with ==', /same_frame/],
    ['p0:A+0', 0, 'a page alone is no value', 'measure something of it'],
    ['not copies', 4, 'not wants true or false, this is a number', 'compare it with something'],
    ['errno < 3', 0, '< wants a number, this is an error number', 'compare it with == or !='],
    ['ENOMEM == EPERM', 0, 'both sides are fixed words', /measured/],
    ['A == 1', 0, 'A is unknown', 'name the page: p0:A+0'],
    ['before.minflt(p0) == 1', 0, 'minflt counts this step and has no before', /before\.p0\.minflt/],
  ])('%s', (text, start, message, remedy) => {
    const compiled = compileExpression(text, context, 'boolean');
    const wanted = { start, message, remedy: typeof remedy === 'string' ? remedy : expect.stringMatching(remedy) };
    expect(compiled).toMatchObject({ ok: false, problems: [wanted] });
  });

  test('every unknown name and wrong type is reported', () => {
    const compiled = compileExpression('copys == 1 and p0.rss == ENOMEM', context, 'boolean');
    expect(compiled.ok ? [] : compiled.problems.map((p) => p.start)).toEqual([0, 25]);
  });

  test('deep nesting is refused, not followed', () => {
    expect(parseExpression(`${'('.repeat(5000)}1`).ok).toBe(false);
    expect(parseExpression(`${'not '.repeat(5000)}1`).ok).toBe(false);
  });
});

describe('what an expression needs', () => {
  test('the probes of before, and whether the engine has a say', () => {
    const compiled = compileExpression('frames.used > before.frames.used', context, 'boolean');
    expect(compiled.ok && compiled.value.before).toEqual([{ kind: 'machine', field: 'frames.used' }]);
    const fixed = compileExpression('pages + 1', context, null);
    expect(fixed.ok && fixed.value.measured).toBe(false);
  });

  test('the words it names', () => {
    const parsed = parseExpression('ret == ENOMEM or signal(p0) == SIGBUS');
    expect(parsed.ok && [...namedWords(parsed.value)]).toEqual(['ENOMEM', 'SIGBUS']);
  });
});

describe('fractions', () => {
  const fraction = fc.tuple(fc.bigInt(-1000n, 1000n), fc.bigInt(1n, 60n)).map(([n, d]) => rational(n, d));

  test('follow the rules of arithmetic exactly', () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
        if (b.n !== 0n) expect(multiply(divide(a, b)!, b)).toEqual(a);
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
      }),
    );
  });

  test.each([
    [3, '3'],
    [-0.25, '-1/4'],
    [1e21, '1000000000000000000000'],
    [1e-7, '1/10000000'],
  ])('%d is %s', (value, text) => expect(formatRational(fromNumber(value))).toBe(text));

  test('whole numbers have denominator 1', () => expect(whole(7)).toEqual({ n: 7n, d: 1n }));
});
