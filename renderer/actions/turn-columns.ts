import { columnsOf } from '../stores/plan.ts';
import { lab } from '../stores/lab.svelte.ts';

/** With more processes than columns: shows the next or previous ones. */
export function turnColumns(by: number): void {
  const last = Math.max(0, columnsOf(lab.plan).length - 1);
  lab.firstColumn = Math.max(0, Math.min(last, lab.firstColumn + by));
}
