import { EngineClient } from '../stores/engine-client.ts';
import { lab } from '../stores/lab.svelte.ts';

/** The one engine of this window. */
export const engine = new EngineClient({
  panicked(panic) {
    lab.panic = panic;
    lab.playing = false;
  },
  busy(isBusy) {
    lab.busy = isBusy;
  },
});
