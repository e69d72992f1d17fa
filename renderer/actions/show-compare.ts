import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Fetches what differs, if it is in view; what it is compared with lies in the past, or in the other run. */
export async function showCompare(): Promise<void> {
  if (lab.board !== 'compare') return;
  const position = lab.player?.position ?? 0;
  const against = lab.against ?? Math.max(0, position - 1);
  const past = against === 'other' ? against : Math.min(against, position);
  lab.comparison = await engine.call('compare', past === 'other' && lab.otherRun === null ? 0 : past);
}
