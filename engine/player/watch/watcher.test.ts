import { describe, expect, test } from 'vitest';
import { eventsBetween } from '../../base/event-log.ts';
import { EVENT } from '../../base/event-kinds.ts';
import { STOP_KINDS } from '../../protocol/watch.ts';
import { Player } from '../player.ts';
import { Watcher } from './watcher.ts';

const SCENARIO = `format: faultline/1
title: Watched
machine: { ram: 128, swap: 16 }
chapters:
  - title: One
    steps:
      - do: [ p0 mmap A 4 rw private anon ]
      - do: [ p0 touch_w A 0 4 7 ]
      - do: [ p0 fork p1 ]
      - do: [ p1 touch_w A 2 1 9 ]
      - do: [ p0 touch_w A 2 1 3 ]
      - ask: { kind: number, text: How many?, answer: copies }
        do: [ p0 madvise A 2 1 pageout ]
      - do: [ p0 munmap A 0 0 ]
        expect: [ errno == EINVAL ]
      - do: [ p1 exit ]
`;

function watched() {
  const player = new Player();
  const { ok, problems } = player.open(SCENARIO);
  expect(problems).toEqual([]);
  expect(ok).toBe(true);
  return { player, watcher: new Watcher(player) };
}

const spans = (watcher: Watcher, text: string): string[] =>
  watcher
    .look([text])[0]!
    .rows.map(
      ({ who, spans: all }) => `${who}: ${all.map(({ from, to, value }) => `${from}-${to} ${value}`).join('; ')}`,
    );

describe('what is watched', () => {
  test('is a page as every process sees it at that address, from the start to the present', () => {
    const { player, watcher } = watched();
    player.seek(5);
    const [parent, child] = spans(watcher, 'p0:A+2');
    const frames = /frame (\d+)(?=; 3-3)/.exec(parent!)![1]!;
    expect(parent).toBe(
      `p0: 0-0 ; 1-1 untouched; 2-2 frame ${frames}; 3-3 frame ${frames} ro; 4-4 frame ${frames} ro; 5-5 frame ${frames}`,
    );
    expect(child).toMatch(new RegExp(`^p1: 0-2 ; 3-3 frame ${frames} ro; 4-5 frame \\d+$`));
    expect(player.view().position).toBe(5);
  });

  test('may be a value, a claim, a frame, a slot or an area', () => {
    const { player, watcher } = watched();
    player.seek(8);
    expect(spans(watcher, 'p0.rss >= 4')).toEqual([': 0-1 false; 2-5 true; 6-8 false']);
    expect(spans(watcher, 'slot 1')[0]).toMatch(/^: 0-5 free; 6-8 \w+: p0$/);
    expect(spans(watcher, 'p0:A')).toEqual([': 0-0 ; 1-8 4 pages rw-p']);
    expect(spans(watcher, 'frame 0')).toHaveLength(1);
  });

  test('is refused with a remedy when it is no such thing', () => {
    const { watcher } = watched();
    for (const text of ['nonsense at all', 'p0', 'copies == 1', 'before(free) < free', 'p0:', '', 'frame x', '((((']) {
      const [look] = watcher.look([text]);
      expect(look!.rows, text).toEqual([]);
      expect(look!.problems[0]?.remedy, text).toMatch(/write p0:A\+2/);
    }
  });

  test('is looked at anew behind a typed command', () => {
    const { player, watcher } = watched();
    player.seek(8);
    watcher.look(['p0:A+2']);
    player.seek(2);
    watcher.forgetFrom(3);
    player.typeCommand('p0 munmap A 0 4');
    player.seek(4);
    expect(spans(watcher, 'p0:A+2')[0]).toMatch(/3-4 $/);
  });
});

describe('a run', () => {
  test('stops at the steps in which an event of the kind happened, forwards and back, and nowhere else', () => {
    for (const kind of STOP_KINDS) {
      const { player, watcher } = watched();
      watcher.set({ events: [kind], watches: [] });
      const found: number[] = [];
      while (player.view().position < player.view().length) {
        if (watcher.run(1).length > 0) found.push(player.view().position);
      }
      const back: number[] = [];
      if (watcher.reasons().length > 0) back.unshift(player.view().position);
      while (player.view().position > 0) if (watcher.run(-1).length > 0) back.unshift(player.view().position);
      expect(back, kind).toEqual(found);
      if (kind === 'copy') expect(found).toEqual([4]);
      if (kind === 'fork') expect(found).toEqual([3]);
      if (kind === 'exit') expect(found).toEqual([8]);
      if (kind === 'refused') expect(found).toEqual([7]);
      if (kind === 'swapOut') expect(found).toEqual([6]);
    }
  });

  test('copies are where the event log says so', () => {
    const { player, watcher } = watched();
    watcher.set({ events: ['copy'], watches: [] });
    watcher.run(1);
    const { firstEvent, endEvent } = player.view().report!;
    const kinds = eventsBetween(player.kernel!.events, firstEvent, endEvent).map(({ kind }) => kind);
    expect(kinds).toContain(EVENT.FRAME_COPY);
  });

  test('stops where something watched changes, and where a claim becomes true', () => {
    const { player, watcher } = watched();
    watcher.set({ events: [], watches: ['p1:A+2'] });
    expect(watcher.run(1)).toEqual(['p1:A+2']);
    expect(player.view().position).toBe(3);
    watcher.set({ events: [], watches: ['p0.rss < 4'] });
    player.seek(2);
    // the question of step 6 comes first
    expect(watcher.run(1)).toEqual([]);
    expect(player.view().position).toBe(5);
    expect(watcher.run(1)).toEqual(['p0.rss < 4']);
    expect(player.view().position).toBe(6);
  });

  test('without stops goes to the end, but for questions', () => {
    const { player, watcher } = watched();
    expect(watcher.run(1)).toEqual([]);
    expect(player.view().position).toBe(5);
    watcher.run(1);
    expect(player.view().position).toBe(8);
    watcher.run(-1);
    expect(player.view().position).toBe(0);
  });
});
