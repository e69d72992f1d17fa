import { lab } from '../stores/lab.svelte.ts';
import { showCharts } from './show-charts.ts';
import { select } from './select.ts';
import { chooseHeap } from './show-heap.ts';
import { showCompare } from './show-compare.ts';
import { showFound } from './show-found.ts';
import { showStatechart } from './show-statechart.ts';
import { showWatches } from './show-watches.ts';
import { pageOf, showWalk } from './show-walk.ts';

/** Puts the walk where physical memory stands, or physical memory back. From here on the script has no say in it. */
export async function toggleWalk(): Promise<void> {
  lab.walkChosen = true;
  lab.walkShown = lab.walk === null || lab.heap !== null || lab.board !== null;
  if (lab.walkShown) lab.board = null;
  if (lab.walkShown && lab.heap !== null) await chooseHeap(-1);
  if (lab.walkShown && pageOf(lab.selection) === null) await selectWhatHappened();
  await showWalk();
}

/** Without a page that is selected: the last one that the step did something to, else the first of any process. */
async function selectWhatHappened(): Promise<void> {
  const touched = lab.events.findLast(({ pid, page }) => pid >= 0 && page >= 0);
  if (touched !== undefined) return select({ kind: 'page', pid: touched.pid, page: touched.page });
  const [task] = lab.snapshot?.tasks ?? [];
  const area = task?.vmas[0]?.view;
  if (task !== undefined && area !== undefined) await select({ kind: 'page', pid: task.view.pid, page: area.start });
}

/** Physical memory, whatever stands in its place. */
export async function showMemory(): Promise<void> {
  lab.walkChosen = true;
  lab.walkShown = false;
  lab.board = null;
  await Promise.all([chooseHeap(-1), showWalk()]);
}

/** Charts over the steps, a statechart, what is watched or looked for, where physical memory stands, or that back. */
export async function toggleBoard(board: 'charts' | 'statechart' | 'watch' | 'find'): Promise<void> {
  const shown = lab.board !== board || lab.heap !== null;
  await showMemory();
  lab.board = shown ? board : null;
  await showBoard();
}

/** Fetches what the chosen board shows. */
export const showBoard = (): Promise<unknown> =>
  Promise.all([showCharts(), showStatechart(), showWatches(), showCompare(), showFound()]);
