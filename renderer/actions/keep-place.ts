import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/**
 * Notes where the lab is: for a reload or a crash of the window (main keeps it), and for a command that had to be
 * stopped.
 */
export async function keepPlace(): Promise<void> {
  const { scenario, player } = lab;
  if (scenario === null || player === null) return;
  const step = player.position;
  const typed = await engine.call('typedSteps');
  lab.place = { scenario, step, typed };
  await window.faultline.place.keep(lab.place);
}
