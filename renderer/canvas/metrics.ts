import { columnsOf, type StagePlan } from '../stores/plan.ts';

/** Sizes of one drawing of the stage, CSS pixels, chosen so that everything planned fits. */
export interface Metrics {
  /** One line a region (name left, cells right), or a headline with the cells below it. */
  readonly compact: boolean;
  readonly scale: number;
  readonly columnWidth: number;
  readonly columns: number;
  readonly gutter: number;
  readonly head: number;
  readonly bandHead: number;
  readonly bandPad: number;
  readonly bandGap: number;
  /** Height of the folded nothing between two regions. */
  readonly hole: number;
  readonly cell: number;
  readonly cellGap: number;
  /** Width kept for names left of the cells when compact. */
  readonly label: number;
  readonly kernelBand: number;
  readonly radius: number;
}

const GUTTER = 12;

function metricsFor(compact: boolean, scale: number, columnWidth: number, columns: number): Metrics {
  const px = (n: number): number => Math.round(n * scale);
  return {
    compact,
    scale,
    columnWidth,
    columns,
    gutter: GUTTER,
    head: px(compact ? 44 : 54),
    bandHead: compact ? 0 : px(24),
    bandPad: px(compact ? 3 : 8),
    bandGap: px(compact ? 3 : 5),
    hole: px(compact ? 11 : 18),
    cell: px(compact ? 21 : 28),
    cellGap: px(compact ? 3 : 4),
    label: compact ? px(78) : 0,
    kernelBand: px(compact ? 20 : 28),
    radius: px(8),
  };
}

/** Cells that fit side by side in a band. */
export function cellsPerRow(m: Metrics): number {
  const room = m.columnWidth - 2 * px(m, 10) - 2 * m.bandPad - m.label;
  return Math.max(3, Math.floor((room + m.cellGap) / (m.cell + m.cellGap)));
}

const px = (m: Metrics, n: number): number => Math.round(n * m.scale);

/** A band with what is left free below it. */
export function bandHeight(m: Metrics, cells: number): number {
  const rows = Math.max(1, Math.ceil(cells / cellsPerRow(m)));
  return m.bandHead + 2 * m.bandPad + rows * m.cell + (rows - 1) * m.cellGap + m.bandGap;
}

/** Height of a column with all its slots. */
export function columnHeight(m: Metrics, plan: StagePlan): number {
  const bands = plan.slots.reduce((sum, slot) => sum + bandHeight(m, slot.cells) + m.hole, 0);
  return m.head + m.kernelBand + m.hole + bands + px(m, 10);
}

/** Columns drawn at most; more tasks are paged through. */
export const MAX_COLUMNS = 6;
const MIN_COLUMN = 196;

/** Pixels of a pane that so many columns get; physical memory has the rest. */
const roomFor = (columns: number, width: number): number =>
  Math.max(MIN_COLUMN, Math.floor(width * (columns === 1 ? 0.36 : columns === 2 ? 0.5 : 0.62)));

/**
 * The largest drawing of the plan that fits the pane; when none fits, the smallest, and the stage scrolls.
 * @param width @param height of the pane in CSS pixels
 */
export function chooseMetrics(plan: StagePlan, width: number, height: number): Metrics {
  const wanted = Math.max(1, Math.min(columnsOf(plan).length, MAX_COLUMNS));
  // Fewer columns than there are tasks leave the rest of the room to physical memory.
  let columns = wanted;
  while (columns > 1 && roomFor(columns, width) < columns * (MIN_COLUMN + GUTTER) - GUTTER) columns--;
  const room = roomFor(columns, width);
  const columnWidth = Math.floor((room - (columns - 1) * GUTTER) / columns);
  const largest = Math.min(3, Math.max(1, columnWidth / 230));
  const choices: Metrics[] = [];
  for (let scale = largest; scale >= 0.92; scale -= 0.04) choices.push(metricsFor(false, scale, columnWidth, columns));
  for (let scale = Math.min(largest, 1.5); scale >= 0.78; scale -= 0.04) {
    choices.push(metricsFor(true, scale, columnWidth, columns));
  }
  const chosen = choices.find((m) => columnHeight(m, plan) <= height) ?? choices.at(-1)!;
  const spare = Math.max(0, height - columnHeight(chosen, plan)) / (plan.slots.length + 1);
  return { ...chosen, hole: chosen.hole + Math.min(Math.floor(spare), chosen.hole) };
}
