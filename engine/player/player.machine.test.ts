import { transition } from 'xstate';
import { describe, expect, test } from 'vitest';
import { assert, BrokenInvariant } from '../base/assert.ts';
import { edgesOf } from '../testing/machine-edges.ts';
import type { PlayerPhase } from '../protocol/player.ts';
import { Player } from './player.ts';
import { playerMachine, type PlayerEvent } from './player.machine.ts';

const THREE_STEPS = `format: faultline/1
title: Three steps
machine: { ram: 64 }
chapters:
  - title: One
    steps:
      - do: [ p0 touch_w heap 0 1 ]
      - do: [ p0 touch_w heap 1 1 ]
      - do: [ p0 touch_w heap 2 1 ]
`;

/** What a person does to bring each event about, from any state that allows it. */
const DRIVE: Readonly<Record<PlayerEvent['type'], (player: Player) => void>> = {
  'scenario.opened': (player) => void player.open(THREE_STEPS),
  'scenario.refused': (player) => void player.open('nonsense'),
  'scenario.closed': (player) => player.close(),
  'player.play': (player) => player.play(),
  'player.pause': (player) => player.pause(),
  'position.start': (player) => void player.restart(),
  'position.middle': (player) => void player.seek(1),
  'position.end': (player) => void player.seek(3),
  'engine.broke': (player) => {
    // the lab is made wrong from outside: nothing a script says can do this
    player.kernel!.countFault = () => assert(false, 'this test breaks the lab');
    expect(() => void (player.next() ?? player.back())).toThrow(BrokenInvariant);
  },
};

/** A short way to each state. */
const REACH: Readonly<Record<PlayerPhase, readonly PlayerEvent['type'][]>> = {
  empty: [],
  refused: ['scenario.refused'],
  atStart: ['scenario.opened'],
  paused: ['scenario.opened', 'position.middle'],
  playing: ['scenario.opened', 'player.play'],
  atEnd: ['scenario.opened', 'position.end'],
  broken: ['scenario.opened', 'engine.broke'],
};

const edges = edgesOf(playerMachine);

describe('player.machine', () => {
  test('has the edges it is drawn with', () => {
    expect(edges).toHaveLength(39);
    expect(new Set(edges.map((e) => e.from)).size).toBe(7);
  });

  test.each(edges)('$from, $event: $to', ({ from, event, to }) => {
    const player = new Player();
    for (const way of REACH[from as PlayerPhase]) DRIVE[way](player);
    expect(player.phase).toBe(from);
    DRIVE[event as PlayerEvent['type']](player);
    expect(player.phase).toBe(to);
  });

  test('what it does not allow changes nothing in the player', () => {
    const allowed = new Set(edges.map((e) => `${e.from} ${e.event}`));
    for (const from of Object.keys(REACH) as PlayerPhase[]) {
      for (const event of Object.keys(DRIVE) as PlayerEvent['type'][]) {
        if (allowed.has(`${from} ${event}`) || event === 'engine.broke') continue;
        const player = new Player();
        for (const way of REACH[from]) DRIVE[way](player);
        DRIVE[event](player);
        expect(`${from} ${event} ${player.phase}`).toBe(`${from} ${event} ${from}`);
      }
    }
  });

  test('is pure: no delays, no invocations, no context', () => {
    for (const node of Object.values(playerMachine.states)) {
      expect(node.after).toEqual([]);
      expect(node.invoke).toEqual([]);
    }
    const start = playerMachine.resolveState({ value: 'empty', context: {} });
    expect(transition(playerMachine, start, { type: 'scenario.opened' })[1]).toEqual([]);
  });
});
