import { setup } from 'xstate';
import type { PlayerPhase } from '../protocol/player.ts';

/**
 * What the player may do. It holds no position: whoever moves tells where the move ended (`position.start`,
 * `position.middle`, `position.end`), so that the machine stays as small as its picture.
 */
export type PlayerEvent =
  | { readonly type: 'scenario.opened' } // read and checked
  | { readonly type: 'scenario.refused' } // something in it is wrong
  | { readonly type: 'scenario.closed' }
  | { readonly type: 'player.play' }
  | { readonly type: 'player.pause' } // by hand, at a pause of the script, or because somebody types
  | { readonly type: 'position.start' }
  | { readonly type: 'position.middle' }
  | { readonly type: 'position.end' }
  | { readonly type: 'engine.broke' }; // a broken invariant: the lab itself is wrong

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
