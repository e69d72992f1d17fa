import type { Selection } from '../../engine/protocol/snapshot.ts';
import { isCell, type Box, type CellItem, type DrawList } from './draw-list.ts';

const inside = (box: Box, x: number, y: number): boolean =>
  x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;

/** Cells that can be selected, in painting order. Legend samples stand for nothing. */
export const selectableCells = (list: DrawList): CellItem[] =>
  list.items.filter(isCell).filter(({ target }) => target.kind !== 'frame' || target.frame >= 0);

/** What lies under a point: a cell before the band it lies in; null on bare ground. Geometry is the drawing's own. */
export function hitTest(list: DrawList, x: number, y: number, totalFrames: number): Selection | null {
  const { mosaic } = list;
  if (mosaic !== null && inside(mosaic, x, y)) {
    const frame = mosaicFrame(mosaic, x, y);
    return frame < totalFrames ? { kind: 'frame', frame } : null;
  }
  for (let i = list.items.length - 1; i >= 0; i--) {
    const item = list.items[i]!;
    if (item.type === 'cell' && inside(item, x, y)) {
      return item.target.kind === 'frame' && item.target.frame < 0 ? null : item.target;
    }
  }
  for (let i = list.items.length - 1; i >= 0; i--) {
    const item = list.items[i]!;
    if (item.type === 'panel' && item.target !== null && inside(item, x, y)) return item.target;
  }
  return null;
}

export function mosaicFrame(mosaic: NonNullable<DrawList['mosaic']>, x: number, y: number): number {
  const pitch = mosaic.w / mosaic.columns;
  return Math.floor((y - mosaic.y) / pitch) * mosaic.columns + Math.floor((x - mosaic.x) / pitch);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest cell in a direction: how arrow keys walk the picture. */
export function neighbour(list: DrawList, from: CellItem, direction: Direction): CellItem | null {
  const cx = from.x + from.w / 2;
  const cy = from.y + from.h / 2;
  let best: CellItem | null = null;
  let bestCost = Infinity;
  for (const cell of selectableCells(list)) {
    const dx = cell.x + cell.w / 2 - cx;
    const dy = cell.y + cell.h / 2 - cy;
    const [along, across] =
      direction === 'left' ? [-dx, dy] : direction === 'right' ? [dx, dy] : direction === 'up' ? [-dy, dx] : [dy, dx];
    if (along < 2) continue;
    // Sideways distance weighs more, so that a row or a column is followed before it is left.
    const cost = along + Math.abs(across) * 4;
    if (cost < bestCost) {
      bestCost = cost;
      best = cell;
    }
  }
  return best;
}
