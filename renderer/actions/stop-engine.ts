import { EngineStopped } from '../stores/engine-client.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { dropWaiting } from './in-turn.ts';
import { openPlace } from './open-scenario.ts';

/** Work that was stopped is no error. */
export function ignoreStopped(): void {
  window.addEventListener('unhandledrejection', (event) => {
    if (event.reason instanceof EngineStopped) event.preventDefault();
  });
}

/** Stops a command or scenario that takes too long; the lab comes back to where it was before it. */
export async function stopEngine(): Promise<void> {
  dropWaiting();
  engine.stop();
  lab.playing = false;
  lab.notice = 'Stopped. The lab is back at the last place.';
  if (lab.place !== null) await openPlace(lab.place);
}
