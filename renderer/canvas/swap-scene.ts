import type { SlotsSnapshot, WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import { sameTarget, type Box, type CellItem, type DrawItem } from './draw-list.ts';
import type { Metrics } from './metrics.ts';
import type { StagePlan } from '../stores/plan.ts';
import { legendHeight } from './legend-scene.ts';
import { gridFor, MOST_CELLS, ownersFromBits, SMALLEST_CELL, type Grid } from './ram-scene.ts';
import { text, type Focus } from './task-scene.ts';
import { groupDigits, sizeText } from './words.ts';

export interface SwapScene {
  readonly items: readonly DrawItem[];
  /** Taken slots that found no room. */
  readonly hidden: number;
}

export const NO_SWAP: SwapScene = { items: [], hidden: 0 };

/** Parts of the boards' height that swap gets, whatever it is to RAM. */
const SMALLEST_SHARE = 0.24;
const LARGEST_SHARE = 0.42;

/** RAM above, swap and the legend below it where there is a device. */
export function splitBoards(plan: StagePlan, m: Metrics, box: Box): { ramBox: Box; swapBox: Box | null } {
  if (plan.swapSlots === 0) return { ramBox: box, swapBox: null };
  const wanted = plan.swapSlots / (plan.swapSlots + plan.totalFrames);
  const share = Math.max(SMALLEST_SHARE, Math.min(LARGEST_SHARE, wanted));
  const legend = legendHeight(plan, m, box.w);
  const h = Math.round((box.h - legend) * share + legend);
  const ramBox = { ...box, h: box.h - h - m.gutter };
  return { ramBox, swapBox: { ...box, y: box.y + ramBox.h + m.gutter, h } };
}

/**
 * The swap devices as one board: a cell a slot, as large as a frame's where they fit, or where they are too many a cell
 * a taken slot. Devices that come later have their room from the start.
 */
export function swapPanel(
  snapshot: WindowSnapshot,
  plan: StagePlan,
  m: Metrics,
  box: Box,
  frameGrid: Grid,
  /** Height kept for the legend at its foot. */
  legend: number,
  focus: Focus,
): SwapScene {
  const { slots, machine } = snapshot;
  const s = Math.max(m.scale, 0.95);
  const pad = Math.round(14 * s);
  const inner = { x: box.x + pad, w: box.w - 2 * pad };
  const base = box.y + 23 * s;
  const items: DrawItem[] = [
    { type: 'panel', ...box, tone: 'panel', radius: m.radius, stripe: null, lit: false, target: null },
    text('Swap', inner.x, base, { size: 15 * s, weight: 700 }),
    text(devicesText(slots), inner.x + 50 * s, base, { size: 12 * s, tone: 'muted', max: inner.w * 0.5 - 50 * s }),
  ];
  const room = { x: inner.x, y: box.y + 33 * s, w: inner.w, h: box.h - 33 * s - legend - pad * 0.6 };
  const all = slotGrid(plan.swapSlots, room, s, frameGrid);
  const fits = all.cell >= SMALLEST_CELL && plan.swapSlots <= MOST_CELLS;
  const shown = fits ? Array.from({ length: slots.total }, (_, slot) => slot) : notable(slots);
  const grid = fits ? all : { columns: Math.max(1, Math.floor(room.w / 34)), cell: 22, cellWidth: 30, gap: 4 };
  const rows = Math.max(1, Math.floor((room.h + grid.gap) / (grid.cell + grid.gap)));
  const drawn = shown.slice(0, rows * grid.columns);
  drawn.forEach((slot, i) => {
    const x = room.x + (i % grid.columns) * (grid.cellWidth + grid.gap);
    const y = room.y + Math.floor(i / grid.columns) * (grid.cell + grid.gap);
    items.push(slotCell(slots, slot, { x, y, w: grid.cellWidth, h: grid.cell }, focus));
  });
  const hidden = shown.length - drawn.length;
  items.push(
    text(countText(machine.swap, hidden), inner.x + inner.w, base, { size: 12 * s, font: 'mono', align: 'right' }),
  );
  return { items, hidden };
}

/** Cells as large as frames when all slots fit so, else as large as they can be. */
function slotGrid(slots: number, room: Box, scale: number, frames: Grid): Grid {
  const rows = Math.ceil(slots / frames.columns);
  const sameFits = rows * (frames.cell + frames.gap) - frames.gap <= room.h;
  return frames.cell >= SMALLEST_CELL && sameFits ? frames : gridFor(slots, room, scale);
}

function devicesText({ total, devices }: SlotsSnapshot): string {
  if (total === 0) return 'no device yet';
  const kinds = new Set(devices.map(({ kind }) => (kind === 'zram' ? 'zram' : 'disk')));
  return `${groupDigits(total)} slots, ${sizeText(total * 4096)}, ${[...kinds].join(' and ')}`;
}

const countText = ({ used, free }: WindowSnapshot['machine']['swap'], hidden: number): string =>
  `${groupDigits(used)} used, ${groupDigits(free)} free${hidden > 0 ? `, ${groupDigits(hidden)} not shown` : ''}`;

/** Slots worth a cell when there is not one for each. */
function notable({ total, taken, fresh }: SlotsSnapshot): number[] {
  const found: number[] = [];
  for (let slot = 0; slot < total; slot++) if (taken[slot] === 1 || fresh[slot] === 1) found.push(slot);
  return found;
}

function slotCell(slots: SlotsSnapshot, slot: number, box: Box, focus: Focus): CellItem {
  const target = { kind: 'slot', slot } as const;
  const taken = slots.taken[slot] === 1;
  const count = slots.count[slot]!;
  const frame = slots.frame[slot]!;
  return {
    type: 'cell',
    ...box,
    target,
    look: taken ? 'owned' : 'free',
    owners: ownersFromBits(slots.owners[slot]!),
    label: slotLabel(slots, slot),
    note: frame >= 0 ? `=${frame}` : count > 1 ? `×${count}` : '',
    writeProtected: false,
    fresh: slots.fresh[slot] === 1,
    selected: sameTarget(focus.selection, target),
    lit: focus.lit?.slots.includes(slot) ?? false,
    meaning: { of: 'slot', taken, count, frame },
  };
}

/** The slot's number in its device, as page table entries have it: `S3` on a page is 3 here. */
export function slotLabel({ devices }: SlotsSnapshot, slot: number): string {
  let first = 0;
  for (const [device, { pages }] of devices.entries()) {
    if (slot < first + pages) return `${device > 0 ? `${device}:` : ''}${slot - first + 1}`;
    first += pages;
  }
  return '';
}
