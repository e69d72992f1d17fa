import type {
  EndedTask,
  Lit,
  RunSnapshot,
  Selection,
  TaskSnapshot,
  VmaSnapshot,
} from '../../engine/protocol/snapshot.ts';
import type { TaskView } from '../../engine/protocol/views.ts';
import { sameTarget, type Box, type CellItem, type CellLook, type DrawItem, type TextItem } from './draw-list.ts';
import { bandHeight, cellsPerRow, type Metrics } from './metrics.ts';
import { holeCells, NARROWEST_WIDE, WIDE_CELL, type RegionSlot, type StagePlan } from '../stores/plan.ts';
import { groupDigits, shortAddress, shortNumber, sizeText } from './words.ts';

/** What the pictures need besides the snapshot. */
export interface Focus {
  readonly selection: Selection | null;
  readonly lit: Lit | null;
  /** The machine runs without protection. */
  readonly real?: boolean;
}

/** One task's column: badge and figures, the kernel half, then its regions from high to low addresses. */
export function taskColumn(
  pid: number,
  task: TaskSnapshot | null,
  ended: EndedTask | null,
  plan: StagePlan,
  m: Metrics,
  box: Box,
  focus: Focus,
): DrawItem[] {
  const items: DrawItem[] = [panel(box, m, task === null ? null : pid)];
  const s = m.scale;
  const left = box.x + Math.round(12 * s);
  const right = box.x + box.w - Math.round(10 * s);
  items.push(...columnHead(pid, task, ended, m, box, left, right));
  if (task === null) return items;
  let y = box.y + m.head;
  y = kernelBand(items, m, left, right, y, focus.real ?? false);
  let above: number | null = null;
  for (const slot of plan.slots) {
    const vmas = task.vmas.filter(({ view }) => view.region === slot.name);
    items.push({ type: 'gap', x: left, y, w: right - left, h: m.hole, text: gapText(above, vmas) });
    y += m.hole;
    const height = bandHeight(m, slot.cells);
    const band = { x: left, y, w: right - left, h: height - m.bandGap };
    items.push(...regionBand(pid, slot, vmas, m, band, focus));
    if (vmas.length > 0) above = vmas[0]!.view.start;
    y += height;
  }
  return items;
}

function panel(box: Box, m: Metrics, stripe: number | null): DrawItem {
  return { type: 'panel', ...box, tone: 'panel', radius: m.radius, stripe, lit: false, target: null };
}

function columnHead(
  pid: number,
  task: TaskSnapshot | null,
  ended: EndedTask | null,
  m: Metrics,
  box: Box,
  left: number,
  right: number,
): DrawItem[] {
  const s = m.scale;
  const badge = Math.round((m.compact ? 22 : 26) * s);
  const top = box.y + Math.round(10 * s);
  const nameX = left + badge + Math.round(9 * s);
  const view = task?.view ?? null;
  const items: DrawItem[] = [{ type: 'badge', x: left, y: top, w: badge, h: badge, pid }];
  const small = 11.5 * s;
  const upper = top + badge * 0.42;
  const lower = upper + 14 * s;
  items.push(text(`p${pid}`, nameX, upper, { size: 15 * s, weight: 700 }));
  if (view === null) {
    const words = ended === null ? 'not there' : ended.state === 'zombie' ? `zombie, ${ended.ending}` : ended.ending;
    items.push(text(words, nameX, lower, { size: small, tone: 'muted', max: right - nameX }));
    return items;
  }
  const state = nameX + nameWidth(`p${pid}`, 15 * s);
  const [first, second] = figures(view, right - nameX, s);
  // A narrow column keeps its figures; who it is, the table beside the picture says too.
  const roomForState = right - state - monoWidth(first, FIGURES.upper * s) - 6 * s;
  const roomForParent = right - nameX - monoWidth(second, FIGURES.lower * s) - 6 * s;
  if (roomForState > 42 * s)
    items.push(text(view.state, state, upper, { size: small, tone: 'muted', max: roomForState }));
  if (roomForParent > 52 * s) {
    items.push(
      text(view.parent < 0 ? 'init’s child' : `child of p${view.parent}`, nameX, lower, {
        size: small,
        tone: 'muted',
        max: roomForParent,
      }),
    );
  }
  items.push(
    text(first, right, upper, { size: FIGURES.upper * s, font: 'mono', align: 'right' }),
    text(second, right, lower, { size: FIGURES.lower * s, font: 'mono', align: 'right', tone: 'muted' }),
  );
  return items;
}

/** Sizes of the two lines of figures in a column's head. Pixels at scale 1. */
const FIGURES = { upper: 12, lower: 10.5 } as const;
/** Every letter of the figures' font is this wide, as a part of its size. */
const monoWidth = (line: string, size: number): number => line.length * size * 0.6;

/** What a process has and what it cost: pages in swap and major faults as soon as there are any. */
function figures(view: TaskView, room: number, s: number): readonly [string, string] {
  const swap = view.swap > 0 ? `  swap ${groupDigits(view.swap)}` : '';
  const major = view.majflt > 0 ? `  majflt ${groupDigits(view.majflt)}` : '';
  const minor = `minflt ${groupDigits(view.minflt)}${major}`;
  const whole = `commit ${groupDigits(view.commit)}  ${minor}`;
  const second = monoWidth(whole, FIGURES.lower * s) <= room ? whole : minor;
  return [`RSS ${groupDigits(view.rss)}  PSS ${shortNumber(view.pss)}${swap}`, second];
}

/** Without protection there is no half that would be the kernel's alone. */
function kernelBand(items: DrawItem[], m: Metrics, left: number, right: number, y: number, real: boolean): number {
  const box = { x: left, y, w: right - left, h: m.kernelBand };
  const middle = y + m.kernelBand / 2 + 4 * m.scale;
  items.push(
    { type: 'panel', ...box, tone: 'band', radius: m.radius * 0.75, stripe: null, lit: false, target: null },
    text(real ? 'physical memory' : 'kernel half', left + 9 * m.scale, middle, { size: 11.5 * m.scale, tone: 'muted' }),
    text(real ? 'nothing is protected' : 'no access', right - 9 * m.scale, middle, {
      size: 11.5 * m.scale,
      tone: 'quiet',
      align: 'right',
    }),
  );
  return y + m.kernelBand;
}

/** How much nothing lies between two neighbours. */
function gapText(above: number | null, vmas: readonly VmaSnapshot[]): string {
  const below = vmas.at(-1);
  if (above === null || below === undefined) return '';
  const pages = above - below.view.end;
  return pages <= 0 ? '' : `${sizeText(pages * 4096)} unmapped`;
}

function regionBand(
  pid: number,
  slot: RegionSlot,
  vmas: readonly VmaSnapshot[],
  m: Metrics,
  band: Box,
  focus: Focus,
): DrawItem[] {
  const s = m.scale;
  const first = vmas[0];
  if (first === undefined) return [emptySlot(slot, m, band)];
  const selected = vmas.some(({ view }) => sameTarget(focus.selection, { kind: 'vma', pid, start: view.start }));
  const items: DrawItem[] = [
    {
      type: 'panel',
      ...band,
      tone: 'band',
      radius: m.radius * 0.75,
      stripe: null,
      lit: selected,
      target: { kind: 'vma', pid, start: first.view.start },
    },
  ];
  const perms = [...new Set(vmas.map(({ view }) => view.perms))].join(' ');
  const pages = vmas.reduce((sum, { view }) => sum + view.end - view.start, 0);
  if (m.compact) {
    const middle = band.y + band.h / 2;
    items.push(
      text(slot.name, band.x + 8 * s, middle - 1 * s, { size: 12.5 * s, weight: 600, max: m.label - 8 * s }),
      text(perms, band.x + 8 * s, middle + 10 * s, {
        size: 9.5 * s,
        font: 'mono',
        tone: 'muted',
        max: m.label - 10 * s,
      }),
    );
  } else {
    const base = band.y + m.bandPad + 10 * s;
    items.push(
      text(`${slot.name}`, band.x + 9 * s, base, { size: 13 * s, weight: 600, max: band.w * 0.4 }),
      text(
        `${groupDigits(pages)} ${pages === 1 ? 'page' : 'pages'}`,
        band.x + 9 * s + nameWidth(slot.name, 13 * s),
        base,
        {
          size: 11.5 * s,
          tone: 'muted',
          max: band.w * 0.3,
        },
      ),
      text(`${shortAddress(first.view.start * 4096)}  ${perms}`, band.x + band.w - 9 * s, base, {
        size: 11 * s,
        font: 'mono',
        tone: 'muted',
        align: 'right',
        max: band.w * 0.55,
      }),
    );
  }
  items.push(...bandCells(pid, slot, vmas, m, band, focus));
  return items;
}

/** Rough width of a bold name, good enough to put a word behind it. */
const nameWidth = (name: string, size: number): number => name.length * size * 0.62 + size * 0.7;

function emptySlot(slot: RegionSlot, m: Metrics, band: Box): DrawItem {
  return text(`${slot.name} · not mapped`, band.x + 9 * m.scale, band.y + band.h / 2 + 4 * m.scale, {
    size: 11.5 * m.scale,
    tone: 'quiet',
    max: band.w - 18 * m.scale,
  });
}

/** The pages of a region from low to high, with the holes between its areas. */
function bandCells(
  pid: number,
  slot: RegionSlot,
  vmas: readonly VmaSnapshot[],
  m: Metrics,
  band: Box,
  focus: Focus,
): CellItem[] {
  const perRow = cellsPerRow(m);
  const x0 = band.x + m.bandPad + m.label + (m.compact ? 0 : 2);
  const y0 = band.y + m.bandPad + m.bandHead;
  const cells: CellItem[] = [];
  // Where the region is now: without page tables a name is elsewhere than with them.
  const first = vmas[0];
  let at = first === undefined ? slot.page : first.view.start - first.view.regionOffset;
  /** Cells taken so far, over all rows: a page's place does not depend on how its neighbours are drawn. */
  let taken = 0;
  const place = (wide: boolean): Box => {
    let left = perRow - (taken % perRow);
    if (wide && left < NARROWEST_WIDE) {
      taken += left;
      left = perRow;
    }
    const width = wide ? Math.min(WIDE_CELL, left) : 1;
    const box = {
      x: x0 + (taken % perRow) * (m.cell + m.cellGap),
      y: y0 + Math.floor(taken / perRow) * (m.cell + m.cellGap),
      w: width * m.cell + (width - 1) * m.cellGap,
      h: m.cell,
    };
    taken += width;
    return box;
  };
  for (const { view, runs } of vmas) {
    taken += holeCells(view.start - at);
    for (const run of runs) cells.push(pageCell(pid, run, place(run.pages > 1), focus));
    at = view.end;
  }
  return cells;
}

const LOOKS: Record<RunSnapshot['state'], CellLook> = {
  unmapped: 'reserved',
  reserved: 'reserved',
  zero: 'zero',
  resident: 'owned',
  readOnly: 'owned',
  noAccess: 'noAccess',
  guard: 'noAccess',
  swapped: 'swapped',
  device: 'file',
};

function pageCell(pid: number, run: RunSnapshot, box: Box, focus: Focus): CellItem {
  const target: Selection = { kind: 'page', pid, page: run.page };
  const single = run.pages === 1;
  return {
    type: 'cell',
    ...box,
    target,
    look: single || run.state === 'swapped' ? LOOKS[run.state] : run.state === 'reserved' ? 'reserved' : 'run',
    owners: run.owners.length === 0 ? [pid] : run.owners,
    label: labelOf(run),
    note: single ? '' : `×${groupDigits(run.pages)}`,
    writeProtected: run.state === 'readOnly' && run.sharers === 1,
    fresh: run.fresh,
    selected: sameTarget(focus.selection, target),
    lit:
      focus.lit?.pages.some((lit) => lit.pid === pid && lit.page >= run.page && lit.page < run.page + run.pages) ??
      false,
    meaning: { of: 'page', state: run.state, frame: run.frame, slot: run.slot, sharers: run.sharers, pages: run.pages },
  };
}

/** The frame's number, 0 for the zero page, S and the slot's number in swap. */
function labelOf(run: RunSnapshot): string {
  if (run.state === 'swapped') return run.slot < 0 ? 'S' : `S${run.slot}`;
  if (run.state === 'zero') return '0';
  if (run.state === 'device') return 'IO';
  return run.pages === 1 && run.frame >= 0 ? String(run.frame) : '';
}

interface TextOptions {
  readonly size: number;
  readonly font?: 'sans' | 'mono';
  readonly weight?: 400 | 600 | 700;
  readonly tone?: TextItem['tone'];
  readonly align?: TextItem['align'];
  readonly max?: number;
}

/** A text item; y is the baseline. */
export function text(content: string, x: number, y: number, options: TextOptions): TextItem {
  return {
    type: 'text',
    x,
    y,
    text: content,
    size: options.size,
    font: options.font ?? 'sans',
    weight: options.weight ?? 400,
    tone: options.tone ?? 'text',
    align: options.align ?? 'left',
    max: options.max ?? Infinity,
  };
}
