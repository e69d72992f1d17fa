import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { allDone, inTurn, worksWaiting } from './in-turn.ts';
import { showState } from './show-state.ts';
import { keepPlace } from './keep-place.ts';

/** Moves under way and waiting, at most: quick keys are not lost, a key held down does not pile them up. */
const MOST_MOVES = 3;

/** Moves of the player run one after the other. */
async function move(work: () => Promise<void>): Promise<void> {
  if (worksWaiting() >= MOST_MOVES || lab.panic !== null || lab.player === null) return;
  await inTurn(work);
}

/** One step on. A step that opens with a question shows it first; the next call reveals. */
export function next(): Promise<void> {
  return move(async () => {
    const { player } = lab;
    if (player === null || player.position >= player.length) {
      lab.playing = false;
      return;
    }
    if (player.nextAsk !== null && !lab.asking) {
      lab.asking = true;
      lab.answer = null;
      lab.playing = false;
      return;
    }
    if (player.nextAsk === null) lab.answer = null;
    const state = await engine.call('next');
    if (state.player.report?.pause === true) lab.playing = false;
    await showState(state);
    void keepPlace();
  });
}

/** On, or back, to where something stops the run: a memory event, or something watched. A question comes first. */
export function runOn(direction: 1 | -1): Promise<void> {
  return move(async () => {
    const { player } = lab;
    if (player === null) return;
    if (direction === 1 && player.nextAsk !== null && !lab.asking) {
      lab.asking = true;
      lab.answer = null;
      return;
    }
    lab.answer = null;
    await showState(await engine.call('run', direction));
    void keepPlace();
  });
}

export function back(): Promise<void> {
  return move(async () => {
    if (lab.asking) {
      lab.asking = false;
      return;
    }
    if (lab.player === null || lab.player.position === 0) return;
    lab.answer = null;
    const state = await engine.call('back');
    await showState(state);
    void keepPlace();
  });
}

/** To the state behind `position` steps, from wherever the player is. */
export function seek(position: number): Promise<void> {
  return move(async () => {
    const length = lab.player?.length ?? 0;
    const target = Math.max(0, Math.min(length, Math.round(position)));
    if (target === lab.player?.position) return;
    lab.answer = null;
    const state = await engine.call('seek', target);
    await showState(state);
    void keepPlace();
  });
}

let wanted: number | null = null;

/** Follows a hand on the timeline: the last place it points at is reached, those it has left behind are skipped. */
export async function scrub(position: number): Promise<void> {
  const following = wanted !== null;
  wanted = position;
  if (following) return;
  while (wanted !== null) {
    await allDone();
    const target: number = wanted;
    await seek(target);
    if (wanted === target) wanted = null;
  }
}

/** First step of the next or previous chapter. */
export function chapter(direction: 1 | -1): Promise<void> {
  const position = lab.player?.position ?? 0;
  const starts = (lab.outline?.chapters ?? []).map(({ firstStep }) => firstStep);
  const target =
    direction === 1 ? starts.find((start) => start > position) : starts.findLast((start) => start < position);
  return seek(target ?? (direction === 1 ? (lab.player?.length ?? 0) : 0));
}

/** Next or previous bookmark. */
export function bookmark(direction: 1 | -1): Promise<void> {
  const position = lab.player?.position ?? 0;
  const marks = (lab.outline?.steps ?? []).filter(({ mark }) => mark !== null).map(({ index }) => index);
  const target = direction === 1 ? marks.find((at) => at > position) : marks.findLast((at) => at < position);
  return target === undefined ? Promise.resolve() : seek(target);
}
