import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Fetches the story that is in view, if one is; one that somebody walks along stays as it was told. */
export async function showWhy(): Promise<void> {
  if (lab.board !== 'why' || lab.whyHeld) return;
  const story = await engine.call('why', lab.whyOf);
  lab.why = story === null ? null : { ...story, asked: lab.player?.position ?? 0 };
}
