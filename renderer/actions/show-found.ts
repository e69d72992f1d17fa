import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Looks for what is asked for, if that is in view. */
export async function showFound(): Promise<void> {
  if (lab.board !== 'find') return;
  const { query } = lab;
  const found = await engine.call('find', query);
  if (query === lab.query) lab.found = found;
}
