import type { Selection, WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import { isCell, type Box, type CellItem, type DrawItem, type DrawList, type LinkItem } from './draw-list.ts';
import { legendHeight, legendRows } from './legend-scene.ts';
import { chooseMetrics, columnHeight, type Metrics } from './metrics.ts';
import { columnsOf, occupantOf, type StagePlan } from '../stores/plan.ts';
import { ramPanel } from './ram-scene.ts';
import { NO_SWAP, splitBoards, swapPanel } from './swap-scene.ts';
import { taskColumn, text, type Focus } from './task-scene.ts';

export interface StageOptions extends Focus {
  readonly plan: StagePlan;
  /** CSS pixels of the pane. */
  readonly width: number;
  readonly height: number;
  /** First of the planned tasks to show, when there are more than columns. */
  readonly firstColumn: number;
  /** false leaves the room of RAM and swap empty. */
  readonly boards?: boolean;
}

/** Links drawn at most: beyond that they explain nothing. */
const MAX_LINKS = 14;

/** The whole stage as a list of things to paint: processes left, physical memory right, links between them. */
export function buildStage(snapshot: WindowSnapshot, options: StageOptions): DrawList {
  const { plan, width, height } = options;
  const m = chooseMetrics(plan, width, height);
  const stageHeight = Math.max(height, columnHeight(m, plan));
  const columns: DrawItem[] = [];
  // The last turn of the columns shows as many as the first, so that the board beside them stays where it is.
  const all = columnsOf(plan);
  const first = Math.max(0, Math.min(options.firstColumn, all.length - m.columns));
  const shown = all.slice(first, first + m.columns).map((column) => occupantOf(column, snapshot));
  shown.forEach((pid, i) => {
    const task = snapshot.tasks.find(({ view }) => view.pid === pid) ?? null;
    const box = { x: i * (m.columnWidth + m.gutter), y: 0, w: m.columnWidth, h: stageHeight };
    const ended = snapshot.ended.find((other) => other.pid === pid) ?? null;
    columns.push(...taskColumn(pid, task, ended, plan, m, box, { ...options, real: snapshot.machine.real }));
  });
  const left = Math.max(1, shown.length) * (m.columnWidth + m.gutter);
  const right = { x: left, y: 0, w: width - left, h: Math.min(height, stageHeight) };
  const boards = options.boards === false ? NO_BOARDS : boardsIn(snapshot, m, right, options);
  const cells = [...columns, ...boards.items].filter(isCell);
  const links = linksOf(snapshot, options, cells);
  const hidden = all.length - shown.length;
  const more = hidden > 0 ? [moreTasks(m, shown.length, hidden, stageHeight)] : [];
  const drawn = [...columns, ...boards.items, ...boards.legend, ...more];
  // Links lie above the panels and below cells and words; a copy is drawn over the frames it joins.
  const below = drawn.filter((item) => item.type === 'panel' || item.type === 'gauge');
  const above = drawn.filter((item) => item.type !== 'panel' && item.type !== 'gauge');
  const maps = links.filter(({ kind }) => kind === 'map');
  const copies = links.filter(({ kind }) => kind === 'copy');
  const items = [...below, ...maps, ...above, ...copies];
  const { mosaic, hiddenSlots } = boards;
  return { width, height: stageHeight, items, mosaic, hiddenSlots, boards: right };
}

interface Boards {
  readonly items: readonly DrawItem[];
  readonly legend: readonly DrawItem[];
  readonly mosaic: DrawList['mosaic'];
  readonly hiddenSlots: number;
}

const NO_BOARDS: Boards = { items: [], legend: [], mosaic: null, hiddenSlots: 0 };

/** Physical memory, swap below it where there is any, and the legend at the foot of the lower one. */
function boardsIn(snapshot: WindowSnapshot, m: Metrics, box: Box, options: StageOptions): Boards {
  const { plan } = options;
  const { ramBox, swapBox } = splitBoards(plan, m, box);
  const legendRoom = legendHeight(plan, m, box.w);
  const ram = ramPanel(snapshot, m, ramBox, swapBox === null ? legendRoom : 0, options);
  const swap = swapBox === null ? NO_SWAP : swapPanel(snapshot, plan, m, swapBox, ram.grid, legendRoom, options);
  return {
    items: [...ram.items, ...swap.items],
    legend: legendRows(plan, m, swapBox ?? ramBox),
    mosaic: ram.mosaic,
    hiddenSlots: swap.hidden,
  };
}

/** Says that there are more processes than columns, at the foot of the last column. */
function moreTasks(m: Metrics, shown: number, hidden: number, height: number): DrawItem {
  const right = shown * (m.columnWidth + m.gutter) - m.gutter - 10 * m.scale;
  return text(`${hidden} more: Alt+→`, right, height - 9 * m.scale, {
    size: 11.5 * m.scale,
    tone: 'accent',
    align: 'right',
  });
}

/** From pages to frames and slots: for the selection, else for what the step just copied. */
function linksOf(snapshot: WindowSnapshot, focus: Focus, cells: readonly CellItem[]): LinkItem[] {
  const boxes = new Map(cells.map((cell) => [keyOf(cell.target), cell]));
  const boardLeft = Math.min(...cells.filter(({ meaning }) => meaning.of !== 'page').map(({ x }) => x));
  const links: LinkItem[] = [];
  const link = (pid: number, page: number, target: Selection): void => {
    const from = boxes.get(keyOf({ kind: 'page', pid, page }));
    const to = boxes.get(keyOf(target));
    if (from === undefined || to === undefined) return;
    const entry = { x: boardLeft - 7, y: to.y - 2.5 };
    links.push({ type: 'link', from: boxOf(from), to: boxOf(to), pid, kind: 'map', label: '', entry });
  };
  if (focus.selection !== null && focus.lit !== null) {
    for (const { pid, page } of focus.lit.pages) {
      const cell = boxes.get(keyOf({ kind: 'page', pid, page }));
      if (cell?.meaning.of !== 'page') continue;
      if (cell.meaning.frame >= 0) link(pid, page, { kind: 'frame', frame: cell.meaning.frame });
      else for (const slot of focus.lit.slots) link(pid, page, { kind: 'slot', slot });
    }
  }
  for (const copy of snapshot.copies) {
    if (focus.selection === null) link(copy.pid, copy.page, { kind: 'frame', frame: copy.to });
    const from = boxes.get(keyOf({ kind: 'frame', frame: copy.from }));
    const to = boxes.get(keyOf({ kind: 'frame', frame: copy.to }));
    if (from === undefined || to === undefined) continue;
    const label = snapshot.copies.length <= 2 ? 'copy 4\u2009096 B' : '';
    links.push({ type: 'link', from: boxOf(from), to: boxOf(to), pid: copy.pid, kind: 'copy', label, entry: null });
  }
  for (const move of snapshot.moves) {
    const frame = boxes.get(keyOf({ kind: 'frame', frame: move.frame }));
    const slot = boxes.get(keyOf({ kind: 'slot', slot: move.slot }));
    if (frame === undefined || slot === undefined) continue;
    const [from, to] = move.way === 'out' ? [frame, slot] : [slot, frame];
    const label = snapshot.moves.length > 2 ? '' : move.way === 'out' ? 'written to swap' : 'read from swap';
    links.push({ type: 'link', from: boxOf(from), to: boxOf(to), pid: -1, kind: 'copy', label, entry: null });
  }
  return links.slice(0, MAX_LINKS);
}

const boxOf = ({ x, y, w, h }: Box): Box => ({ x, y, w, h });

export function keyOf(target: Selection): string {
  if (target.kind === 'page') return `p${target.pid}:${target.page}`;
  if (target.kind === 'slot') return `s${target.slot}`;
  return target.kind === 'frame' ? `f${target.frame}` : `v${target.pid}:${target.start}`;
}
