import { setup } from 'xstate';
import { compileMachine } from '../base/compile-machine.ts';
import type { PlayerPhase } from '../protocol/player.ts';

/**
 * What the player may do. It holds no position: whoever moves tells where the move ended (`position.start`,
 * `position.middle`, `position.end`), so that the machine stays as small as its picture.
 */
export const PLAYER_EVENTS = [
  'scenario.opened', // read and checked
  'scenario.refused', // something in it is wrong
  'scenario.closed',
  'player.play',
  'player.pause', // by hand, at a pause of the script, or because somebody types
  'position.start',
  'position.middle',
  'position.end',
  'engine.broke', // a broken invariant: the lab itself is wrong
] as const;
export interface PlayerEvent {
  readonly type: (typeof PLAYER_EVENTS)[number];
}

/** Another scenario may be opened in every state. */
const opening = {
  'scenario.opened': 'atStart',
  'scenario.refused': 'refused',
} as const;

/** A move ends somewhere; an assertion that fails on the way ends in `broken`. */
const moving = {
  'position.start': 'atStart',
  'position.end': 'atEnd',
  'engine.broke': 'broken',
} as const;

export const playerMachine = setup({
  types: { events: {} as PlayerEvent },
}).createMachine({
  id: 'player',
  initial: 'empty',
  states: {
    empty: { on: { ...opening } },
    refused: { on: { ...opening, 'scenario.closed': 'empty' } },
    atStart: {
      on: { ...opening, ...moving, 'scenario.closed': 'empty', 'position.middle': 'paused', 'player.play': 'playing' },
    },
    paused: {
      on: { ...opening, ...moving, 'scenario.closed': 'empty', 'position.middle': 'paused', 'player.play': 'playing' },
    },
    playing: {
      on: { ...opening, ...moving, 'scenario.closed': 'empty', 'position.middle': 'playing', 'player.pause': 'paused' },
    },
    atEnd: { on: { ...opening, ...moving, 'scenario.closed': 'empty', 'position.middle': 'paused' } },
    broken: { on: { ...opening, 'scenario.closed': 'empty' } },
  },
} satisfies { states: Record<PlayerPhase, object> } & Record<string, unknown>);

export const PLAYER_PHASES = [
  'empty',
  'refused',
  'atStart',
  'paused',
  'playing',
  'atEnd',
  'broken',
] as const satisfies readonly PlayerPhase[];

/** What the statechart's picture is drawn from. */
export const playerTable = compileMachine(playerMachine, PLAYER_PHASES, PLAYER_EVENTS);
