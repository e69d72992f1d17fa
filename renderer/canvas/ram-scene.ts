import {
  frameUseOf,
  type FramesSnapshot,
  type Selection,
  type WindowSnapshot,
} from '../../engine/protocol/snapshot.ts';
import type { FrameUse } from '../../engine/protocol/views.ts';
import { sameTarget, type Box, type CellItem, type CellLook, type DrawItem, type DrawList } from './draw-list.ts';
import type { Metrics } from './metrics.ts';
import { text, type Focus } from './task-scene.ts';
import { groupDigits, sizeText } from './words.ts';

/** Cells smaller than this carry no text and are painted as one image. */
export const SMALLEST_CELL = 13;
/** Frames up to this many are drawn one by one, and listed one by one in the picture's twin. */
export const MOST_CELLS = 1024;

export interface RamScene {
  readonly items: readonly DrawItem[];
  readonly grid: Grid;
  readonly mosaic: DrawList['mosaic'];
}

/** All of physical memory as one board: headline, gauge, one cell a frame. */
export function ramPanel(
  snapshot: WindowSnapshot,
  m: Metrics,
  box: Box,
  /** Height kept for the legend at its foot. */
  legend: number,
  focus: Focus,
): RamScene {
  const { machine, frames } = snapshot;
  const s = Math.max(m.scale, 0.95);
  const pad = Math.round(14 * s);
  const inner = { x: box.x + pad, w: box.w - 2 * pad };
  const items: DrawItem[] = [
    { type: 'panel', ...box, tone: 'panel', radius: m.radius, stripe: null, lit: false, target: null },
    text('Physical RAM', inner.x, box.y + 25 * s, { size: 15 * s, weight: 700 }),
    text(
      `${groupDigits(machine.frames.total)} frames, ${sizeText(machine.frames.total * 4096)}`,
      inner.x + 112 * s,
      box.y + 25 * s,
      { size: 12 * s, tone: 'muted' },
    ),
    text(
      `${groupDigits(machine.frames.used)} used, ${groupDigits(machine.frames.free)} free`,
      inner.x + inner.w,
      box.y + 25 * s,
      { size: 12 * s, font: 'mono', align: 'right' },
    ),
    gauge(snapshot, { x: inner.x, y: box.y + 36 * s, w: inner.w, h: Math.max(5, 6 * s) }),
    text(partsText(machine.frames, (inner.w - 150 * s) / (11 * s)), inner.x, box.y + 58 * s, {
      size: 11 * s,
      tone: 'muted',
      max: inner.w - 150 * s,
    }),
    text(promiseText(snapshot), inner.x + inner.w, box.y + 58 * s, {
      size: 11 * s,
      tone: isShort(snapshot) ? 'accent' : 'muted',
      align: 'right',
    }),
  ];
  const top = box.y + 70 * s;
  const room = { x: inner.x, y: top, w: inner.w, h: box.y + box.h - top - legend - pad * 0.6 };
  const grid = gridFor(frames.total, room, s);
  if (grid.cell < SMALLEST_CELL || frames.total > MOST_CELLS) {
    return { items, grid, mosaic: mosaicIn(room, frames.total, grid) };
  }
  for (let frame = 0; frame < frames.total; frame++) {
    const x = room.x + (frame % grid.columns) * (grid.cellWidth + grid.gap);
    const y = room.y + Math.floor(frame / grid.columns) * (grid.cell + grid.gap);
    items.push(frameCell(frames, frame, { x, y, w: grid.cellWidth, h: grid.cell }, focus));
  }
  return { items, grid, mosaic: null };
}

/** The board as one image: square frames, as many columns as the grid has, and no higher than the room. */
function mosaicIn(room: Box, total: number, { columns, cell }: Grid): NonNullable<DrawList['mosaic']> {
  const rows = Math.ceil(total / columns);
  const pitch = Math.min(room.w / columns, Math.max(0, room.h) / rows);
  return { x: room.x, y: room.y, w: pitch * columns, h: pitch * rows, cell, columns };
}

/** Is memory so short that somebody reclaims, or is about to? */
const isShort = ({ machine, pressure }: WindowSnapshot): boolean =>
  pressure.state !== 'balanced' || machine.frames.free < pressure.low;

const PRESSURE_WORDS: Record<WindowSnapshot['pressure']['state'], string> = {
  balanced: 'short of frames',
  kswapd: 'kswapd reclaims',
  direct: 'direct reclaim',
  oom: 'out of memory',
};

/** What was promised, against the limit where there is one; while memory is short, who does something about it. */
function promiseText(snapshot: WindowSnapshot): string {
  const { machine, pressure } = snapshot;
  if (isShort(snapshot)) return `${PRESSURE_WORDS[pressure.state]}: below ${groupDigits(pressure.low)} free`;
  const limit = machine.overcommit === 2 ? ` of ${groupDigits(machine.commitLimit)}` : '';
  return `${groupDigits(machine.committed)}${limit} pages promised`;
}

/** A letter of these words is this wide at most, as a part of its size. */
const LETTER = 0.49;

/**
 * What the parts of the gauge are, from left to right; in short where there is no room for more.
 * @param room in letter sizes
 */
function partsText(frames: WindowSnapshot['machine']['frames'], room: number): string {
  const { kernel, tables, file } = frames;
  const data = groupDigits(frames.anon + frames.shmem + frames.flat);
  const words = (tableWord: string, dataWord: string, fileWord: string): string =>
    [
      `${groupDigits(kernel)} kernel`,
      `${groupDigits(tables)} ${tableWord}${tables === 1 ? '' : 's'}`,
      `${data} ${dataWord}`,
      ...(file > 0 ? [`${groupDigits(file)} ${fileWord}`] : []),
    ].join(', ');
  const full = words('page table', 'processes’ data', 'file cache');
  return full.length * LETTER <= room ? full : words('table', 'data', 'cache');
}

function gauge(snapshot: WindowSnapshot, box: Box): DrawItem {
  const { frames } = snapshot.machine;
  const share = (n: number): number => n / frames.total;
  return {
    type: 'gauge',
    ...box,
    parts: [
      { share: share(frames.kernel), tone: 'kernel' },
      { share: share(frames.tables), tone: 'table' },
      { share: share(frames.anon + frames.shmem + frames.file + frames.flat), tone: 'used' },
    ],
    marks: isShort(snapshot) ? [1 - share(snapshot.pressure.low), 1 - share(snapshot.pressure.min)] : [],
  };
}

/** How cells fill a board. */
export interface Grid {
  readonly columns: number;
  /** Height of a cell, and its width: wider than high where that fills the room. */
  readonly cell: number;
  readonly cellWidth: number;
  readonly gap: number;
}

/** A cell may be this much wider than high. */
const WIDEST_SHAPE = 1.4;

/** The columns, a multiple of four, with which the cells become largest. */
export function gridFor(frames: number, room: { w: number; h: number }, scale: number): Grid {
  const largest = 64 * Math.min(scale, 3);
  let best: Grid = { columns: 4, cell: 0, cellWidth: 0, gap: 0 };
  const widest = Math.max(4, Math.min(frames, Math.floor(room.w)));
  for (let columns = 4; columns <= widest; columns += columns < 128 ? 4 : 32) {
    const rows = Math.ceil(frames / columns);
    const pitch = Math.min(room.w / columns, room.h / rows);
    const gap = pitch > 40 ? 6 : pitch > 24 ? 4 : pitch > 12 ? 2 : pitch > 5 ? 1 : 0;
    const cell = Math.min(Math.floor(pitch - gap), largest);
    const cellWidth = Math.floor(Math.min(room.w / columns - gap, cell * WIDEST_SHAPE));
    if (cell * cellWidth > best.cell * best.cellWidth) best = { columns, cell, cellWidth, gap };
  }
  if (best.cell > 0) return best;
  // More frames than pixels: several frames share one.
  return {
    columns: Math.max(4, Math.ceil(Math.sqrt((frames * room.w) / Math.max(1, room.h)))),
    cell: 0,
    cellWidth: 0,
    gap: 0,
  };
}

const FRAME_LOOKS: Record<FrameUse, CellLook> = {
  free: 'free',
  kernel: 'kernel',
  zero: 'kernel',
  table: 'table',
  anon: 'owned',
  shmem: 'owned',
  file: 'file',
  flat: 'owned',
  device: 'file',
  hugetlb: 'kernel',
};

function frameCell(frames: FramesSnapshot, frame: number, box: Box, focus: Focus): CellItem {
  const use = frameUseOf(frames.use[frame]!);
  const mapcount = frames.mapcount[frame]!;
  const swapCached = frames.swapCached[frame] === 1;
  const target: Selection = { kind: 'frame', frame };
  const owners = ownersFromBits(frames.owners[frame]!);
  const note =
    use === 'table'
      ? `L${frames.level[frame]!}`
      : use === 'zero'
        ? 'zero'
        : mapcount > 1
          ? `×${mapcount}`
          : swapCached
            ? 'S'
            : '';
  return {
    type: 'cell',
    ...box,
    target,
    look: mapcount > 0 ? 'owned' : FRAME_LOOKS[use],
    owners,
    label: String(frame),
    note,
    writeProtected: false,
    fresh: frames.fresh[frame] === 1,
    selected: sameTarget(focus.selection, target),
    lit: focus.lit?.frames.includes(frame) ?? false,
    meaning: { of: 'frame', use, mapcount, swapCached },
  };
}

export function ownersFromBits(bits: number): number[] {
  const owners: number[] = [];
  for (let pid = 0; pid < 32; pid++) if ((bits & (1 << pid)) !== 0) owners.push(pid);
  return owners;
}
