import type { Selection } from '../../engine/protocol/snapshot.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { showWalk } from './show-walk.ts';
import { showWhy } from './show-why.ts';

/** Selects a page, frame or area: everything linked to it lights up, the inspector tells about it. */
export async function select(selection: Selection | null): Promise<void> {
  lab.selection = selection;
  if (!lab.whyHeld) lab.whyOf = selection ?? { kind: 'step' };
  const [inspection] = await Promise.all([
    selection === null ? null : engine.call('inspect', selection),
    showWalk(),
    showWhy(),
  ]);
  lab.inspection = inspection;
}
