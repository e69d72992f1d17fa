import type { LabState } from '../../engine/protocol/worker.ts';
import { extendPlan } from '../stores/plan.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { showPrograms } from './show-code.ts';
import { showBoard } from './boards.ts';
import { showHeap } from './show-heap.ts';
import { select } from './select.ts';

/** Puts a new state on the screen: pictures, sentence, events, and what the step asks to be selected. */
export async function showState(state: LabState): Promise<void> {
  lab.plan = extendPlan(lab.plan, state.snapshot);
  lab.snapshot = state.snapshot;
  lab.player = state.player;
  lab.asking = false;
  lab.stopped = state.stopped;
  if (state.timeline !== null) {
    lab.outline = state.timeline.outline;
    lab.marks = state.timeline.marks;
  }
  if (!lab.heapChosen) lab.heapShown = state.heapShown;
  if (!lab.walkChosen) lab.walkShown = state.player.report?.show?.links.includes('table') ?? false;
  await Promise.all([showEvents(), showHeap(), showPrograms(state), showBoard(), select(state.shown)]);
  reflect(state);
}

async function showEvents(): Promise<void> {
  lab.events = await engine.call('events');
}

/** What scripts that drive the window read: where it is, and whether all held. */
function reflect(state: LabState): void {
  const { dataset } = document.documentElement;
  dataset.step = String(state.player.position);
  dataset.steps = String(state.player.length);
  dataset.hash = state.snapshot.hash;
  dataset.expectFailed = String(state.failed);
}
