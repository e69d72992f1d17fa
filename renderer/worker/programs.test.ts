import { expect, test } from 'vitest';
import { typeName } from '../../engine/c/index.ts';
import type { Pid } from '../../engine/base/units.ts';
import { findPlace } from '../../engine/kernel/index.ts';
import { valueOf } from '../../engine/kernel/program/variables.ts';
import { Player } from '../../engine/player/player.ts';
import type { ProgramLook, VariableLook } from '../../engine/protocol/program-look.ts';
import { SCENARIOS } from '../testing/scenarios.ts';
import { lookAtPosition, programsAt, sourcesOf } from './programs.ts';

/** A scenario of one program that is run to some lines, a step each. */
function playerOf(program: string, commands: readonly string[]): Player {
  const text = `format: faultline/1
title: A program
machine: { ram: 128, seed: 1 }
programs:
  small: |
${program
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
chapters:
  - title: Run
    steps:
${commands.map((each) => `      - { say: Goes on., do: [ ${each} ] }`).join('\n')}
`;
  const player = new Player();
  const reply = player.open(text);
  expect(reply.problems).toEqual([]);
  player.seek(commands.length);
  return player;
}

const lookAt = (player: Player, open: readonly string[] = [], bytes: string | null = null): ProgramLook =>
  lookAtPosition(player, { pid: 0, open, bytes })!;
const variable = (look: ProgramLook, name: string): VariableLook =>
  [...look.frames.flatMap(({ variables }) => variables), ...look.globals].find((each) => each.name === name)!;
const TYPES = `
#include <stdlib.h>
#include <string.h>
struct point { char tag; int x; double y; };
static int count = 7;
const char *title = "points";
int twice(int n) {
  int result = n * 2;
  count++;
  return result;
}
int main(void) {
  struct point here = { 'p', 5, 2.5 };
  struct point *there = malloc(sizeof *there);
  int numbers[4] = { 1, 2, 3, 4 };
  char word[8] = "page";
  int *second = &numbers[1];
  *there = here;
  for (int i = 0; i < 2; i++)
    numbers[i] = twice(numbers[i]);
  int (*how)(int) = twice;
  float part = 0.1f;
  free(there);
  void *end = &count;
  return numbers[0];
}
`;

test('variables have the values, types and sizes that C gives them', () => {
  const look = lookAt(playerOf(TYPES, ['p0 exec small, run p0 to line 17', 'run p0 to line 8']));
  expect(look.frames.map(({ name, line, fresh }) => [name, line, fresh])).toEqual([
    ['twice', 8, true],
    ['main', 19, false],
  ]);
  const shown = (name: string): unknown[] => {
    const { type, size, value, unset } = variable(look, name);
    return [type, size, value, unset];
  };
  expect(shown('here')).toEqual(['struct point', 16, "{tag 112 'p', x 5, y 2.5}", false]);
  expect(shown('numbers')).toEqual(['int[4]', 16, '{1, 2, 3, 4}', false]);
  expect(shown('word')).toEqual(['char[8]', 8, '"page"', false]);
  expect(shown('count')).toEqual(['int', 4, '7', false]);
  expect(shown('part')).toEqual(['float', 4, '', true]);
  expect(variable(look, 'result')).toMatchObject({ value: '2', fresh: true });
  expect(variable(look, 'numbers').fresh).toBe(false);
});

test('pointers say where they lead', () => {
  const commands = ['p0 exec small, run p0 to line 21', 'run p0 to line 23', 'step p0'];
  const live = lookAt(playerOf(TYPES, commands.slice(0, 1)));
  const leads = (look: ProgramLook, name: string): unknown[] => {
    const { pointer } = variable(look, name);
    return [pointer?.to, pointer?.words, pointer?.text];
  };
  expect(leads(live, 'second')).toEqual(['variable', 'numbers+4', null]);
  expect(leads(live, 'there')).toEqual(['block', 'block of 24 B', null]);
  expect(leads(live, 'how')).toEqual(['function', 'twice', null]);
  expect(leads(live, 'title')).toEqual(['text', '', '"points"']);
  const freed = lookAt(playerOf(TYPES, commands));
  expect(leads(freed, 'there')).toEqual(['freed', 'freed', null]);
  expect(leads(freed, 'end')).toEqual(['variable', 'count', null]);
});

test('structs, arrays and what pointers lead to unfold, and every byte has its member or is padding', () => {
  const player = playerOf(TYPES, ['p0 exec small, run p0 to line 18']);
  const look = lookAt(player, ['main@1:here', 'main@1:there', 'main@1:numbers'], 'main@1:here');
  const parts = (name: string): unknown[] => variable(look, name).parts!.map((part) => [part.name, part.value]);
  expect(parts('here')).toEqual([['.tag', "112 'p'"], ['.x', '5'], ['.y', '2.5']]); // prettier-ignore
  expect(parts('there')).toEqual([['->tag', "112 'p'"], ['->x', '5'], ['->y', '2.5']]); // prettier-ignore
  expect(parts('numbers')).toHaveLength(4);
  const pad = ['', '', ''];
  expect(look.bytes!.members).toEqual(['tag', ...pad, ...Array(4).fill('x'), ...Array(8).fill('y')]);
  expect(look.bytes!.bytes.slice(4, 8)).toEqual([5, 0, 0, 0]);
});

test('a variable is nobody’s until its declaration has been done', () => {
  const player = playerOf(TYPES, ['p0 exec small, run p0 to line 12', 'step p0', 'step p0', 'step p0', 'step p0']);
  const names = ['here', 'there', 'numbers', 'word', 'second'];
  for (let done = 0; done < 5; done++) {
    player.seek(done + 1);
    const look = lookAt(player);
    expect(names.map((name) => variable(look, name).unset)).toEqual(names.map((_, i) => i >= done));
  }
});

test('variables of a block are gone behind it', () => {
  const player = playerOf(TYPES, ['p0 exec small, run p0 to line 19, run p0 to line 20']);
  expect(lookAt(player).frames[0]!.variables.map(({ name }) => name)).not.toContain('i');
});

test('lines that ran add up, and each step says which of them made something happen', () => {
  const player = playerOf(TYPES, [
    'p0 exec small, run p0 to line 12',
    'run p0 to line 13',
    'run p0 to line 14',
    'run p0',
  ]);
  player.seek(2);
  expect(lookAt(player).ran).toEqual([11, 12]);
  player.seek(3);
  expect(lookAt(player).ran).toEqual([11, 12, 13]);
  expect(lookAt(player).events).toContainEqual({ line: 13, event: 'fault' });
  player.back();
  expect(lookAt(player).ran).toEqual([11, 12]);
  player.seek(4);
  expect(lookAt(player)).toMatchObject({ ending: 'ended with status 2', line: -1, frames: [] });
  expect(programsAt(player)).toEqual([{ pid: 0, name: 'small', alive: false, acted: true }]);
});

test('a look is the same however its step is reached', () => {
  const lesson = SCENARIOS.find(({ name }) => name === 'use-after-free')!;
  const player = new Player();
  player.open(lesson.text);
  const looks: string[] = [];
  for (let at = 1; at <= player.view().length; at++) {
    player.seek(at);
    looks.push(JSON.stringify(lookAt(player)));
  }
  for (let at = player.view().length; at > 0; at--) {
    player.seek(at);
    expect(JSON.stringify(lookAt(player))).toBe(looks[at - 1]);
  }
});

test('a program is killed at the line that did it', () => {
  const lesson = SCENARIOS.find(({ name }) => name === 'use-after-free')!;
  const player = new Player();
  player.open(lesson.text);
  player.seek(6);
  expect(lookAt(player)).toMatchObject({ line: 15, ending: 'killed by SIGSEGV' });
  expect(lookAt(player).events).toContainEqual({ line: 15, event: 'signal' });
  // One statement: what was left of its turn did not run.
  expect(player.view().report!.narration.sentence).toMatch(/after \d instructions/);
});

test('values are those that claims about variables see', () => {
  for (const lesson of SCENARIOS.filter(({ text }) => text.includes('\nprograms:'))) {
    const player = new Player();
    player.open(lesson.text);
    for (let at = 1; at <= player.view().length; at++) {
      player.seek(at);
      for (const { pid, alive } of programsAt(player)) {
        if (!alive) continue;
        const k = player.kernel!;
        const look = lookAtPosition(player, { pid, open: [], bytes: null })!;
        for (const { name, unset, value, pointer, address, type, parts } of look.frames[0]?.variables ?? []) {
          if (unset || parts !== null) continue;
          const place = findPlace(k, pid as Pid, name, 0);
          expect(place.ok && [place.value.address, typeName(place.value.type)]).toEqual([address, type]);
          const known = place.ok ? valueOf(k, pid as Pid, place.value) : null;
          const shown = pointer === null ? value.split(' ')[0] : String(pointer.address);
          expect(shown, `${lesson.name} step ${at} ${name}`).toBe(String(known?.value));
        }
      }
    }
  }
});

test('the text of a program comes with the lines at which it can stop', () => {
  const player = playerOf(TYPES, ['p0 exec small']);
  const [source] = sourcesOf(player.kernel!);
  expect(source!.text).toContain('int twice(int n)');
  expect(source!.stops).toEqual(expect.arrayContaining([7, 8, 9, 12, 24]));
  expect(source!.stops).not.toContain(4);
});
