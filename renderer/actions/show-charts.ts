import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Fetches what the charts are drawn from, if they are in view. */
export async function showCharts(): Promise<void> {
  if (lab.board === 'charts') lab.figures = (await engine.call('figures')).steps;
}
