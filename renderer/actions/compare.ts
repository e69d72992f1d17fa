import type { Against } from '../../engine/protocol/compare.ts';
import { lab } from '../stores/lab.svelte.ts';
import { showMemory } from './boards.ts';
import { engine } from './engine.ts';
import { inTurn } from './in-turn.ts';
import { keepPlace } from './keep-place.ts';
import { showCompare } from './show-compare.ts';
import { showState } from './show-state.ts';
import { forgetTyped } from './undo.ts';

/** Shows what differs between the present and another moment; null is the step before, wherever one is. */
export async function compareWith(against: Against | null): Promise<void> {
  await showMemory();
  lab.against = against;
  lab.board = 'compare';
  await showCompare();
}

/** Keeps the run as it is, so that something else can be tried from here; both stay. */
export async function branch(): Promise<void> {
  await inTurn(async () => {
    lab.otherRun = await engine.call('branch');
    await compareWith('other');
  });
}

/** The other run becomes the one that keys and commands move. */
export async function switchRuns(): Promise<void> {
  const { player } = lab;
  if (lab.otherRun === null || player === null) return;
  await inTurn(async () => {
    const { position, length } = player;
    const sentence = lab.report?.say || (lab.report?.narration.sentence ?? '');
    lab.answer = null;
    const state = await engine.call('switchRun');
    lab.otherRun = { position, length, sentence };
    // What was typed last belongs to the run that is the other one now.
    forgetTyped();
    await showState(state);
    void keepPlace();
  });
}

/** One step of the other run alone. */
export async function stepOther(direction: 1 | -1): Promise<void> {
  await inTurn(async () => {
    lab.otherRun = await engine.call('stepOther', direction);
    await showCompare();
  });
}

export async function dropOther(): Promise<void> {
  lab.otherRun = null;
  await engine.call('dropOther');
  await compareWith(null);
}
