import type { Selection } from '../../engine/protocol/snapshot.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Fetches the walk that is in view, if one is: of the selected page, else of the page before, which it stays with. */
export async function showWalk(): Promise<void> {
  const of = pageOf(lab.selection) ?? lab.walkOf;
  lab.walkOf = of;
  lab.walk = lab.walkShown && of !== null ? await engine.call('walk', of.pid, of.page) : null;
}

/** The page that a selection stands for. */
export function pageOf(selection: Selection | null): { pid: number; page: number } | null {
  if (selection?.kind === 'page') return { pid: selection.pid, page: selection.page };
  return selection?.kind === 'vma' ? { pid: selection.pid, page: selection.start } : null;
}
