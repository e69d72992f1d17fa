import type { TypedStep } from '../../engine/protocol/player.ts';
import type { LabState } from '../../engine/protocol/worker.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { inTurn } from './in-turn.ts';
import { keepPlace } from './keep-place.ts';
import { showState } from './show-state.ts';

/** Typed commands that were taken back, the last one at the end. A new command forgets them. */
let undone: TypedStep[] = [];
/** Typed commands in the order in which they were typed, which is not their order in time. */
let done: TypedStep[] = [];

/** A command was typed and carried out. */
export function noteTyped(step: TypedStep): void {
  done.push(step);
  undone = [];
}

/** Another scenario: nothing to take back. */
export function forgetTyped(): void {
  done = [];
  undone = [];
}

export const canUndo = (): boolean => (lab.player?.typedSteps ?? 0) > 0;
export const canRedo = (): boolean => undone.length > 0;

/** Takes the command back that was typed last, wherever the lab stands now; its step is gone, the others stay. */
export function undo(): Promise<unknown> {
  return inTurn(async () => {
    const typed = await engine.call('typedSteps');
    const last = done.pop() ?? typed.at(-1);
    const index = typed.findLastIndex(({ atStep, text }) => atStep === last?.atStep && text === last.text);
    const gone = typed[index];
    if (gone === undefined) return;
    const timeline = await retype(typed.filter((_, i) => i !== index).map((step) => without(step, gone)));
    done = done.map((step) => without(step, gone));
    undone.push(gone);
    await showState({ ...(await engine.call('seek', gone.atStep)), timeline });
    void keepPlace();
  });
}

/** Carries the command out again that was taken back last, at its place. */
export function redo(): Promise<unknown> {
  return inTurn(async () => {
    const step = undone.pop();
    if (step === undefined) return;
    await engine.call('seek', step.atStep);
    const { state } = await engine.call('type', step.text);
    done = [...done.map((each) => (each.atStep >= step.atStep ? { ...each, atStep: each.atStep + 1 } : each)), step];
    await showState(state);
    void keepPlace();
  });
}

/** Steps behind the one that is gone come one step earlier. */
const without = (step: TypedStep, gone: TypedStep): TypedStep =>
  step.atStep > gone.atStep ? { ...step, atStep: step.atStep - 1 } : step;

/** @returns the steps and marks as they are then */
async function retype(steps: readonly TypedStep[]): Promise<LabState['timeline']> {
  let { timeline } = await engine.call('discardTyped');
  for (const { atStep, text } of steps) {
    await engine.call('seek', atStep);
    ({ timeline } = (await engine.call('type', text)).state);
  }
  return timeline;
}
