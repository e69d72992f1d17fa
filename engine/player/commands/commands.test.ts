import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SYSCTL_NAMES } from '../../protocol/sysctls.ts';
import {
  DISPOSITIONS,
  MACHINE_FILES,
  RUN_EVENTS,
  STEP_UNITS,
  TASK_FILES,
  type Command,
  type Perms,
} from '../../protocol/commands.ts';
import { lineMapOf } from '../text/line-map.ts';
import { placed } from '../text/problem.ts';
import { complete } from './complete.ts';
import { formatCommand } from './format-command.ts';
import { HELP, OPERATION_ROWS } from './help.ts';
import { ADVICE_WORDS } from './lock-and-advice.ts';
import { parseCommand } from './parse-command.ts';
import { parseScript } from './parse-script.ts';
import { formatQuantity, parseQuantity } from './quantity.ts';
import { wordsOf } from './words.ts';

const problemsOf = (script: string) => {
  const lines = lineMapOf(script);
  return parseScript(script).problems.map((p) => placed(p, lines));
};
const only = (script: string): Command => {
  const { commands, problems } = parseScript(script);
  expect(problems).toEqual([]);
  expect(commands).toHaveLength(1);
  return commands[0]!.command;
};

describe('quantities', () => {
  test.each([
    ['3', 12288, 0],
    ['3+100b', 12388, 0],
    ['100b', 100, 0],
    ['-4096b', -4096, 0],
    ['0+1b', 1, 0],
    ['60%ram', 0, 60],
    ['-2', -8192, 0],
  ])('%s is %i bytes and %i %% of RAM', (word, bytes, ramPercent) => {
    expect(parseQuantity(word)).toEqual({ bytes, ramPercent });
  });

  test.each(['', 'b', '3c', '3+', '0x10', '1e9', '99999999999999999999', '3 4', 'ram'])('%j is none', (word) => {
    expect(parseQuantity(word)).toBeNull();
  });
});

const quantity = fc.oneof(
  fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((bytes) => ({ bytes, ramPercent: 0 })),
  fc.integer({ min: 0, max: 4000 }).map((pages) => ({ bytes: pages * 4096, ramPercent: 0 })),
  fc.record({ bytes: fc.nat(100_000), ramPercent: fc.nat(200) }),
);
const name = fc.constantFrom('A', 'B', 'heap', 'stack', 'data_2');
const pages = fc.nat(5000).map((count) => ({ bytes: count * 4096, ramPercent: 0 }));
const pointer = fc.constantFrom('a', 'b', 'block_7');
const size = fc.oneof(fc.nat(300_000), fc.integer({ min: -(2 ** 40), max: 2 ** 52 }));
const task = fc.nat(999);
const byte = fc.nat(255);
const perms = fc.constantFrom<Perms>('', 'r', 'w', 'x', 'rw', 'rx', 'wx', 'rwx');
const range = { task, name, offset: quantity, length: quantity };
const count = fc.integer({ min: 1, max: 1_000_000 });
const runUntil = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant('line' as const), line: count }),
  fc.record({ kind: fc.constant('function' as const), name: fc.constantFrom('main', 'f_2') }),
  fc.record({ kind: fc.constant('event' as const), event: fc.constantFrom(...RUN_EVENTS) }),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ op: fc.constant('run' as const), task, until: runUntil }),
  fc.record({ op: fc.constant('run' as const), task, until: runUntil, instructions: count }),
  fc.record({ op: fc.constant('step' as const), task, count, unit: fc.constantFrom(...STEP_UNITS), into: fc.boolean() }),
  fc.record({ op: fc.constant('@alignment' as const), trap: fc.boolean() }),
  fc.record({ op: fc.constant('@secret' as const), text: fc.stringMatching(/^[a-z0-9!-]{4,63}$/) }),
  fc.record({ op: fc.constantFrom('@slice' as const, '@run' as const), instructions: count }),
  fc.record({
    op: fc.constant('mmap' as const),
    task,
    name,
    length: quantity,
    perms,
    sharing: fc.constantFrom('private' as const, 'shared' as const, 'none' as const),
    at: fc.option(fc.record({ kind: fc.constantFrom('at' as const, 'fixed' as const), name, offset: quantity })),
    noreserve: fc.boolean(),
    populate: fc.boolean(),
  }),
  fc.record({ op: fc.constantFrom('munmap' as const), ...range }),
  fc.record({ op: fc.constantFrom('touch_r' as const, 'read' as const), ...range }),
  fc.record({ op: fc.constant('bytes' as const), ...range }),
  fc.record({ op: fc.constant('bytes' as const), task, name, offset: pages, plainOffset: fc.constant(true as const), length: pages, plainLength: fc.constant(true as const) }),
  fc.record({ op: fc.constant('poke' as const), task, name, offset: pages, plainOffset: fc.constant(true as const), values: fc.array(byte, { minLength: 1, maxLength: 9 }) }),
  fc.record({ op: fc.constantFrom('malloc' as const, 'valloc' as const), task, name: pointer, bytes: size }),
  fc.record({ op: fc.constant('calloc' as const), task, name: pointer, count: size, bytes: size }),
  fc.record({ op: fc.constant('realloc' as const), task, name: pointer, bytes: size, target: pointer }),
  fc.record({ op: fc.constant('reallocarray' as const), task, name: pointer, count: size, bytes: size, target: pointer }),
  fc.record({ op: fc.constantFrom('memalign' as const, 'aligned_alloc' as const, 'posix_memalign' as const), task, name: pointer, alignment: size, bytes: size }),
  fc.record({ op: fc.constant('free' as const), task, name: pointer, shift: size }),
  fc.record({ op: fc.constantFrom('show' as const, 'usable' as const, 'prev' as const), task, name: pointer }),
  fc.record({ op: fc.constant('fill' as const), task, name: pointer, byte, count: size }),
  fc.record({ op: fc.constant('raw' as const), task, name: pointer, index: size }),
  fc.record({ op: fc.constant('mallopt' as const), task, parameter: fc.constantFrom('mmap_threshold' as const, 'perturb' as const), value: fc.integer() }),
  fc.record({ op: fc.constant('trim' as const), task, pad: size }),
  fc.record({ op: fc.constant('loop' as const), action: fc.constant('malloc' as const), task, prefix: pointer, count: fc.nat(1000), bytes: size }),
  fc.record({ op: fc.constant('loop' as const), action: fc.constant('free' as const), task, prefix: pointer, count: fc.nat(1000), bytes: fc.constant(0) }),
  fc.record({ op: fc.constantFrom('mallinfo' as const, 'malloc_stats' as const), task }),
  fc.record({ op: fc.constant('@env' as const), name: fc.constantFrom('MALLOC_PERTURB_', 'X'), value: fc.constantFrom('165', 'a b', 'glibc.malloc.tcache_count=0') }),
  fc.record({ op: fc.constant('mprotect' as const), ...range, perms }),
  fc.record({ op: fc.constant('touch_w' as const), ...range, byte: fc.option(byte) }),
  fc.record({ op: fc.constant('poke' as const), task, name, offset: quantity, values: fc.array(byte, { minLength: 1, maxLength: 9 }) }),
  fc.record({ op: fc.constant('brk' as const), task, change: fc.constantFrom('+' as const, '-' as const, '=' as const), amount: quantity.filter((q) => q.bytes === 0 || q.ramPercent === 0) }),
  fc.record({ op: fc.constantFrom('mlock' as const, 'munlock' as const, 'mincore' as const), ...range }),
  fc.record({ op: fc.constantFrom('mlock2' as const, 'msync' as const), ...range, flags: fc.nat(9) }),
  fc.record({ op: fc.constant('mlockall' as const), task, flags: fc.nat(20) }),
  fc.record({ op: fc.constant('munlockall' as const), task }),
  fc.record({ op: fc.constant('madvise' as const), ...range, advice: fc.constantFrom(...ADVICE_WORDS) }),
  fc
    .record({ task, name, offset: quantity, oldLength: quantity, newLength: quantity, mayMove: fc.boolean(), dontUnmap: fc.boolean(), fixed: fc.option(fc.record({ name, offset: quantity })) })
    .map((m) => ({ op: 'mremap' as const, ...m, mayMove: m.mayMove || m.fixed !== null })),
  fc.record({ op: fc.constant('rlimit' as const), task, resource: fc.constantFrom('as' as const, 'data' as const, 'stack' as const, 'memlock' as const), soft: fc.oneof(quantity, fc.constant('inf' as const)), hard: fc.oneof(quantity, fc.constant('inf' as const), fc.constant(null)) }),
  fc.record({ op: fc.constant('dropcap' as const), task, capability: fc.nat(40) }),
  fc.record({ op: fc.constant('fork' as const), task, child: task }),
  fc.record({ op: fc.constant('state' as const), task }),
  fc.record({ op: fc.constant('exit' as const), task, status: byte }, { requiredKeys: ['op', 'task'] }),
  fc.record({ op: fc.constant('kill' as const), task }),
  fc.record({ op: fc.constant('kill' as const), task, target: fc.nat(999), signal: fc.nat(31) }, { requiredKeys: ['op', 'task', 'signal'] }),
  fc.record({ op: fc.constant('oom_score_adj' as const), task, value: fc.integer({ min: -2000, max: 2000 }) }),
  fc.record({ op: fc.constant('setuid' as const), task, uid: fc.nat(70_000) }),
  fc.record({ op: fc.constant('sigaction' as const), task, signal: fc.nat(31), action: fc.constantFrom(...DISPOSITIONS) }),
  fc.record({ op: fc.constant('wait' as const), task, child: fc.nat(999) }, { requiredKeys: ['op', 'task'] }),
  fc.record({ op: fc.constant('getrusage' as const), task, who: fc.constantFrom('self' as const, 'children' as const) }),
  fc.record({ op: fc.constantFrom('block' as const, 'unblock' as const), task }),
  fc.record({ op: fc.constant('cat' as const), task, file: fc.constantFrom(...TASK_FILES) }),
  fc.record({ op: fc.constant('@cat' as const), file: fc.constantFrom(...MACHINE_FILES) }),
  fc.record({ op: fc.constant('@overcommit' as const), mode: fc.constantFrom<0 | 1 | 2>(0, 1, 2) }),
  fc.record({ op: fc.constant('@cas' as const) }),
  fc.record({ op: fc.constant('@sysctl' as const), name: fc.constantFrom(...SYSCTL_NAMES), value: fc.maxSafeInteger() }),
  fc.record({ op: fc.constant('@sleep' as const), milliseconds: fc.nat(86_400_000) }),
); // prettier-ignore

describe('text and command', () => {
  test('every quantity is read back from its text', () => {
    fc.assert(fc.property(quantity, (q) => void expect(parseQuantity(formatQuantity(q))).toEqual(q)));
  });

  test('every command is read back from its canonical text', () => {
    fc.assert(
      fc.property(command, (c) => {
        expect(parseCommand(wordsOf(formatCommand(c)))).toEqual({ ok: true, value: c });
      }),
      { numRuns: 500 },
    );
  });

  test('a touch_w without a byte leaves the byte to the step number', () => {
    expect(only('p0 touch_w A 0 2')).toMatchObject({ op: 'touch_w', byte: null });
  });

  test.each([
    ['-3', { change: '-', amount: { bytes: 12288, ramPercent: 0 } }],
    ['-3+100b', { change: '-', amount: { bytes: 12188, ramPercent: 0 } }],
    ['-0+1b', { change: '-', amount: { bytes: -1, ramPercent: 0 } }],
    ['=6+50b', { change: '=', amount: { bytes: 24626, ramPercent: 0 } }],
    ['6', { change: '=', amount: { bytes: 24576, ramPercent: 0 } }],
  ])('brk %s', (text, wanted) => expect(only(`p0 brk ${text}`)).toMatchObject(wanted));

  test('mmap is private unless it says otherwise', () => {
    expect(only('p0 mmap A 4 rw')).toMatchObject({ sharing: 'private', at: null, noreserve: false, populate: false });
  });

  test('a comment and outer white space are no part of the command', () => {
    const { commands } = parseScript('  p0 brk +1   # grow\n\n# only a comment\np0 state');
    expect(commands.map((c) => [c.text, c.start])).toEqual([
      ['p0 brk +1', 2],
      ['p0 state', 39],
    ]);
  });
});

describe('a script that cannot be used', () => {
  test.each([
    ['p0 mmapp A 4 rw', 1, 4, 'mmapp is no operation', 'did you mean mmap?'],
    ['mmap A 4 rw', 1, 1, 'mmap has no task in front', 'write p0 mmap …'],
    ['q0 state', 1, 1, 'q0 is neither a task nor a directive', 'start with a task such as p0'],
    ['p1000 state', 1, 1, 'p1000 is no task', 'write p0 … p999'],
    ['p0', 1, 3, 'the operation is missing', /^write one of mmap, /],
    ['p0 mmap A 4', 1, 12, 'PERMS is missing', /^write pN mmap NAME/],
    ['p0 mmap A four rw', 1, 11, 'four is no number for PAGES', /such as 3/],
    ['p0 mmap A 4 rwz', 1, 13, 'rwz is no protection', /letters of r, w, x/],
    ['p0 mmap A 4 rw privat', 1, 16, 'privat is no word of mmap', 'did you mean private?'],
    ['p0 mmap A 4 rw private anon droppable', 1, 29, 'mmap … droppable is not simulated yet', 'leave droppable out'],
    ['p0 mmap A 4 rw at B', 1, 19, 'B is no place in a region', /REGION\+OFF/],
    ['@swap tape 64', 1, 7, 'tape is no kind of swap', 'use zram or file'],
    ['@real maybe', 1, 7, 'maybe is neither on nor off', 'write on or off'],
    ['@aslr maybe', 1, 7, 'maybe is neither on nor off', 'write on or off'],
    ['@image I 1 1 0 1', 1, 14, '0 is no DATA', 'write a number from 1 to 65536'],
    ['p0 pread F 0 1', 1, 1, 'there is no file F here', 'make it first: @file F 8'],
    ['@file F 1\n@file F 2', 2, 1, 'the file F exists already', 'give the new one another name'],
    ['@file F 1\np0 pwrite F 0 1 to A+0', 2, 17, 'to is not from', /write pN pwrite/],
    ['@overcomit 1', 1, 1, '@overcomit is no directive', 'did you mean @overcommit?'],
    ['@sysctl swapiness 3', 1, 9, 'swapiness is no setting of the machine', 'did you mean swappiness?'],
    ['@sysctl swappiness much', 1, 20, 'much is no VALUE', 'write a whole number'],
    ['p0 kill p1 BOOM', 1, 12, 'BOOM is no signal', /^use HUP, INT/],
    ['p0 sigaction SEGV catch', 1, 19, 'catch is no action', 'use default, ignore, handler'],
    ['p0 cat smap', 1, 8, 'smap is no file', 'did you mean smaps?'],
    ['p0 setuid root', 1, 11, 'root is no UID', 'write a number from 0 to 4294967294'],
    ['@cat memory', 1, 6, 'memory is no file', 'use meminfo, vmstat, swaps, buddyinfo'],
    ['@overcommit 3', 1, 13, '3 is no mode', 'write a number from 0 to 2'],
    ['p0 touch_w A 0 1 256', 1, 18, '256 is no byte', 'write a number from 0 to 255'],
    ['p0 state now', 1, 10, 'now is one word too many', 'write pN state'],
    ['p0 fork p0', 1, 9, 'p0 exists already', 'fork p1 instead'],
    ['p0 state\np1 state', 2, 1, 'p1 does not exist here', 'fork it first: p0 fork p1'],
    ['p0 fork p1\np1 exit\n  p1 state', 3, 3, 'p1 has ended before this line', 'use a task that lives'],
    ['p0 malloc a', 1, 12, 'BYTES is missing', 'write pN malloc NAME BYTES'],
    ['p0 free a', 1, 9, 'p0 has no pointer a', 'allocate it first: p0 malloc a 100'],
    ['p0 malloc abc 1\np0 free abd', 2, 9, 'p0 has no pointer abd', 'did you mean abc?'],
    ['p0 fork p1\np0 malloc a 1\np1 free a', 3, 9, 'p1 has no pointer a', 'allocate it first: p1 malloc a 100'],
    ['p0 malloc a 1x', 1, 13, '1x is no number', /write digits or 0x/],
    ['p0 mallopt trim 1', 1, 12, 'trim is no PARAMETER', /use mxfast/],
    ['@env X', 1, 7, 'VALUE is missing', 'write @env NAME VALUE'],
    ['p0 brk up', 1, 8, 'up is no change of the break', /write \+3/],
  ])('%j', (script, line, column, message, remedy) => {
    expect(problemsOf(script)).toEqual([
      { line, column, message, remedy: typeof remedy === 'string' ? remedy : expect.stringMatching(remedy) },
    ]);
  });

  test('all lines are read and every problem is reported', () => {
    const lines = problemsOf('p0 statte\np0 state\np0 mmap 9 9 9\n@cas now').map((p) => p.line);
    expect(lines).toEqual([1, 3, 4]);
  });
});

describe('help', () => {
  test('each operation has a usage and one sentence', () => {
    for (const { op, usage, help } of HELP) {
      expect(usage).toContain(op);
      expect(help).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('each row is an operation the parser takes, and no more arguments are required than the row says', () => {
    for (const row of OPERATION_ROWS) {
      const message = problemsOf(row.op.startsWith('@') ? row.op : `p0 ${row.op}`)[0]?.message ?? '';
      expect(message).not.toMatch(/is no (operation|directive)/);
      expect(/missing/.test(message)).toBe(row.required > 0);
    }
  });
});

describe('commands to C programs', () => {
  test.each([
    ['run p0 to line 12', 'p0 run to line 12'],
    ['step p0 3', 'p0 step 3'],
    ['p0 step', 'p0 step'],
    ['p0 step 2 statements into', 'p0 step 2 into statement'],
    ['p1 run to main', 'p1 run to main'],
    ['p1 run until cow for 500', 'p1 run until cow for 500'],
  ])('%j is read as %j', (text, canonical) => {
    expect(formatCommand(only(text.replaceAll('p1', 'p0')))).toBe(canonical.replaceAll('p1', 'p0'));
  });

  test.each([
    ['p0 run to line x', 'x is no line'],
    ['p0 run until lunch', 'lunch is nothing to run to'],
    ['p0 step sideways', 'sideways is no word of step'],
  ])('%j is refused', (text, message) => {
    expect(problemsOf(text)[0]!.message).toBe(message);
  });
});

describe('completion', () => {
  const context = { regions: ['A', 'heap'], tasks: [0, 1], pointers: new Map([[0, ['a']]]) };
  const texts = (text: string) => complete(text, text.length, context).map((c) => c.text);

  test.each([
    [
      '',
      [
        'p0',
        'p1',
        '@overcommit',
        '@cas',
        '@sysctl',
        '@env',
        '@cat',
        '@swap',
        '@image',
        '@aslr',
        '@trace',
        '@device',
        '@real',
        '@file',
        '@sleep',
        '@tlb',
        '@cost',
        '@thp',
        '@run',
        '@slice',
        '@secret',
        '@alignment',
      ],
    ],
    ['@cat me', ['meminfo']],
    ['p0 cat sm', ['smaps', 'smaps_rollup']],
    ['p0 sigaction SE', ['SEGV']],
    ['p0 sigaction SEGV i', ['ignore']],
    ['p0 kill p', ['p0', 'p1']],
    ['p0 kill p1 TE', ['TERM']],
    ['@sysctl ov', ['overcommit_memory', 'overcommit_ratio', 'overcommit_kbytes']],
    ['p', ['p0', 'p1']],
    ['p0 mu', ['munlock', 'munlockall', 'munmap']],
    ['p0 touch_w ', ['A', 'heap']],
    ['p0 touch_w h', ['heap']],
    ['p0 mmap ', ['B']],
    ['p0 mmap B 4 r', ['rw', 'rx']],
    ['p0 mmap B 4 rw private ', ['anon', 'file', 'at', 'fixed', 'noreserve', 'populate', 'locked', 'hugepages']],
    ['p0 mmap B 4 rw private anon at ', ['A+', 'heap+']],
    ['p0 fork ', ['p2']],
    ['p0 malloc ', ['b']],
    ['p0 free ', ['a']],
    ['p1 free ', []],
    ['p0 poke ', ['A', 'heap', 'a']],
    ['p0 loop ', ['malloc', 'free']],
    ['@overcommit ', ['0', '1', '2']],
    ['p0 nosuch ', []],
    ['# p', []],
  ])('%j offers %j', (text, expected) => {
    expect([...texts(text)].sort()).toEqual([...expected].sort());
  });

  test('replaces the word left of the cursor and leaves what is right of it', () => {
    const [first] = complete('p0 tou A 0 1', 6, context);
    expect(first).toMatchObject({ text: 'touch_r', from: 3 });
  });

  test('works on the line of the cursor', () => {
    expect(complete('p0 state\np1 fo', 14, context)).toMatchObject([{ text: 'fork', from: 12 }]);
  });
});
