import type { Box, CellItem, DrawItem, DrawList, PanelItem } from '../canvas/draw-list.ts';
import { isCell } from '../canvas/draw-list.ts';

/** Layout works in floating point. */
const EPSILON = 0.01;

export const overlaps = (a: Box, b: Box): boolean =>
  a.x + a.w > b.x + EPSILON && b.x + b.w > a.x + EPSILON && a.y + a.h > b.y + EPSILON && b.y + b.h > a.y + EPSILON;

export const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - EPSILON &&
  inner.y >= outer.y - EPSILON &&
  inner.x + inner.w <= outer.x + outer.w + EPSILON &&
  inner.y + inner.h <= outer.y + outer.h + EPSILON;

const show = ({ x, y, w, h }: Box): string => `${x.toFixed(1)},${y.toFixed(1)} ${w.toFixed(1)}×${h.toFixed(1)}`;

const nameOf = (item: CellItem): string => `${JSON.stringify(item.target)} at ${show(item)}`;

/** Pairs that overlap, found along a sweep from left to right: boards have a thousand cells. */
function overlappingPairs<T extends Box>(items: readonly T[]): [T, T][] {
  const sorted = [...items].sort((a, b) => a.x - b.x);
  const pairs: [T, T][] = [];
  let open: T[] = [];
  for (const item of sorted) {
    open = open.filter((other) => other.x + other.w > item.x);
    for (const other of open) if (overlaps(item, other)) pairs.push([other, item]);
    open.push(item);
  }
  return pairs;
}

const isPanel = (item: DrawItem): item is PanelItem => item.type === 'panel';

/** What is wrong with where things lie: cells on cells, things outside their panel, the board below its panel. */
export function misplaced(list: DrawList): string[] {
  const problems: string[] = [];
  const cells = list.items.filter(isCell);
  const panels = list.items.filter(isPanel).filter(({ tone }) => tone === 'panel');
  const bands = list.items.filter(isPanel).filter(({ tone }) => tone === 'band');
  const whole = { x: 0, y: 0, w: list.width, h: list.height };
  for (const [a, b] of overlappingPairs(cells)) problems.push(`cells overlap: ${nameOf(a)} and ${nameOf(b)}`);
  for (const [a, b] of overlappingPairs(panels)) problems.push(`panels overlap: ${show(a)} and ${show(b)}`);
  for (const [a, b] of overlappingPairs(bands)) problems.push(`bands overlap: ${show(a)} and ${show(b)}`);
  for (const panel of panels) if (!within(panel, whole)) problems.push(`panel ${show(panel)} leaves the stage`);
  for (const band of bands) {
    if (!panels.some((panel) => within(band, panel))) problems.push(`band ${show(band)} leaves its panel`);
  }
  for (const cell of cells) {
    const homes = cell.target.kind === 'page' ? bands : panels;
    if (!homes.some((home) => within(cell, home))) problems.push(`cell ${nameOf(cell)} leaves its panel`);
    if (cell.w < 1 || cell.h < 1) problems.push(`cell ${nameOf(cell)} cannot be seen`);
  }
  for (const item of list.items) {
    if (item.type === 'badge' || item.type === 'gap' || item.type === 'gauge') {
      if (!panels.some((panel) => within(item, panel))) problems.push(`${item.type} ${show(item)} leaves its panel`);
    } else if (item.type === 'text') {
      const box = { x: item.x, y: item.y - item.size * 0.7, w: 0, h: item.size * 0.7 };
      if (!panels.some((panel) => within(box, panel))) problems.push(`"${item.text}" at ${show(box)} leaves its panel`);
    }
  }
  return problems;
}

/** The board as it is painted, when frames are too small for cells. */
export function mosaicBox(list: DrawList, totalFrames: number): Box | null {
  const { mosaic } = list;
  if (mosaic === null) return null;
  const pitch = mosaic.w / mosaic.columns;
  return { x: mosaic.x, y: mosaic.y, w: mosaic.w, h: Math.ceil(totalFrames / mosaic.columns) * pitch };
}
