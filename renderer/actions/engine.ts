import { lab } from '../stores/lab.svelte.ts';
import { engine } from './first-opening.ts';

engine.watch({
  panicked(panic) {
    lab.panic = panic;
    lab.playing = false;
  },
  busy(isBusy) {
    lab.busy = isBusy;
  },
});

export { engine };
