import type { Selection } from '../../engine/protocol/snapshot.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Selects a page, frame or area: everything linked to it lights up, the inspector tells about it. */
export async function select(selection: Selection | null): Promise<void> {
  lab.selection = selection;
  lab.inspection = selection === null ? null : await engine.call('inspect', selection);
}
