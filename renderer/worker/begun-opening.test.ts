import { describe, expect, test } from 'vitest';
import { CROWD, type ScenarioText } from '../testing/scenarios.ts';
import { EngineHost } from './engine-host.ts';

const PLACES: [what: string, typed: { atStep: number; text: string }[], position: number][] = [
  ['from the start', [], 0],
  ['in its middle', [], 7],
  ['at its end', [], Infinity],
  ['with a typed command', [{ atStep: 9, text: 'p2 brk +1' }], 10],
];

function begin({ name, text }: ScenarioText, typed: { atStep: number; text: string }[], position: number) {
  const host = new EngineHost();
  return { host, opened: host.answer('begin', [name, text, typed, position]) };
}

describe('a scenario that is begun first and rehearsed later', () => {
  test.each(PLACES)('%s ends as one that is opened at once', (_what, typed, place) => {
    const position = Math.min(place, 13);
    const whole = new EngineHost();
    const opened = whole.answer('open', [CROWD.name, CROWD.text, typed, position]);
    const { host, opened: begun } = begin(CROWD, typed, position);
    expect(begun.state!.snapshot.hash).toBe(opened.state!.snapshot.hash);
    expect(begun.state!.player).toEqual(opened.state!.player);
    const { problems, marks } = host.answer('rehearse', []);
    expect(problems).toEqual([]);
    if (typed.length === 0 && opened.reply.ok) expect(marks).toEqual(opened.reply.marks);
    expect(host.answer('seek', [position]).snapshot.hash).toBe(opened.state!.snapshot.hash);
    expect(host.answer('seek', [Infinity])).toEqual(whole.answer('seek', [Infinity]));
  });

  test('gives the room that all steps need', () => {
    const opened = new EngineHost().answer('open', [CROWD.name, CROWD.text, [], 0]);
    const { host, opened: begun } = begin(CROWD, [], 5);
    expect(begun.shapes).toEqual([]);
    expect(host.answer('rehearse', []).shapes).toEqual(opened.shapes);
  });

  test('may be stepped and typed at before its rehearsal, which comes back to the same place', () => {
    const { host } = begin(CROWD, [], 0);
    host.answer('next', []);
    const typed = host.answer('type', ['p0 brk +1']);
    expect(typed.problems).toEqual([]);
    expect(host.answer('rehearse', []).problems).toEqual([]);
    const here = host.answer('seek', [2]);
    expect(here.player.position).toBe(2);
    expect(here.snapshot.hash).toBe(typed.state.snapshot.hash);
  });

  test('says what the engine does not confirm, and can still be used', () => {
    const text = CROWD.text.replace('kind: number, text:', 'kind: choice, choices: [ many, more ], text:');
    expect(text).not.toBe(CROWD.text);
    expect(new EngineHost().answer('open', ['wrong', text, [], 0]).reply.ok).toBe(false);
    const { host, opened } = begin({ ...CROWD, text }, [], 0);
    expect(opened.reply.ok).toBe(true);
    const { problems } = host.answer('rehearse', []);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.remedy).not.toBe('');
    expect(host.answer('next', []).player.position).toBe(1);
  });
});
