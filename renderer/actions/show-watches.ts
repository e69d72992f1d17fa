import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Fetches what is watched, if it is in view. */
export async function showWatches(): Promise<void> {
  if (lab.board === 'watch') lab.watches = await engine.call('watch', lab.watched);
}
