import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Tells main where the lab is, so that a reload or a crash of the window comes back to it. */
export function keepPlace(): void {
  const { scenario, player } = lab;
  if (scenario === null || player === null) return;
  const step = player.position;
  void engine.call('typedSteps').then((typed) => window.faultline?.place.keep({ scenario, step, typed }));
}
