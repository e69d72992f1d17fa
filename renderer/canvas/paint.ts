import { frameUseOf, type FramesSnapshot } from '../../engine/protocol/snapshot.ts';
import type {
  BadgeItem,
  Box,
  CellItem,
  DrawItem,
  DrawList,
  GapItem,
  GaugeItem,
  LinkItem,
  PanelItem,
  TextItem,
} from './draw-list.ts';
import { applyPattern } from './pattern.ts';
import { ownerColour, ownerPattern, type PictureTheme } from './theme.ts';

type Context = CanvasRenderingContext2D;

export const SANS = "'Inter Variable', system-ui, sans-serif";
export const MONO = "'JetBrains Mono Variable', ui-monospace, monospace";

/** Paints a draw list. The context is scaled so that one unit is a CSS pixel. */
export function paintStage(ctx: Context, list: DrawList, frames: FramesSnapshot, theme: PictureTheme): void {
  ctx.clearRect(0, 0, list.width, list.height);
  for (const item of list.items) paintItem(ctx, item, theme);
  if (list.mosaic !== null) paintMosaic(ctx, list.mosaic, frames, theme);
  for (const item of list.items) if (item.type === 'cell') paintRings(ctx, item, theme);
  for (const item of list.items) if (item.type === 'link' && item.label !== '') paintLinkLabel(ctx, item, theme);
}

function paintItem(ctx: Context, item: DrawItem, theme: PictureTheme): void {
  switch (item.type) {
    case 'panel':
      return paintPanel(ctx, item, theme);
    case 'cell':
      return paintCell(ctx, item, theme);
    case 'text':
      return paintText(ctx, item, theme);
    case 'badge':
      return paintBadge(ctx, item, theme);
    case 'gap':
      return paintGap(ctx, item, theme);
    case 'link':
      return paintLink(ctx, item, theme);
    case 'gauge':
      return paintGauge(ctx, item, theme);
  }
}

function round(ctx: Context, box: Box, radius: number): void {
  ctx.beginPath();
  ctx.roundRect(box.x, box.y, box.w, box.h, Math.min(radius, box.w / 2, box.h / 2));
}

function paintPanel(ctx: Context, item: PanelItem, theme: PictureTheme): void {
  round(ctx, item, item.radius);
  ctx.fillStyle = item.tone === 'panel' ? theme.panel : theme.band;
  ctx.fill();
  if (item.lit) {
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = theme.accent;
    ctx.stroke();
  }
  if (item.stripe === null) return;
  const strip = { x: item.x, y: item.y, w: Math.max(5, item.radius * 0.62), h: item.h };
  ctx.save();
  round(ctx, item, item.radius);
  ctx.clip();
  ctx.fillStyle = ownerColour(item.stripe);
  ctx.fillRect(strip.x, strip.y, strip.w, strip.h);
  applyPattern(ctx, ownerPattern(item.stripe), strip);
  ctx.restore();
}

const cellRadius = (cell: Box): number => Math.min(4, cell.w / 6);

function paintCell(ctx: Context, cell: CellItem, theme: PictureTheme): void {
  round(ctx, cell, cellRadius(cell));
  switch (cell.look) {
    case 'free':
      ctx.fillStyle = theme.free;
      ctx.fill();
      break;
    case 'kernel':
      ctx.fillStyle = theme.kernel;
      ctx.fill();
      break;
    case 'table':
      paintTable(ctx, cell, theme);
      break;
    case 'file':
      ctx.fillStyle = theme.file;
      ctx.fill();
      break;
    case 'owned':
    case 'run':
      paintOwners(ctx, cell, theme);
      break;
    case 'zero':
      outline(ctx, cell, cell.owners[0] === undefined ? theme.muted : ownerColour(cell.owners[0]), []);
      break;
    case 'reserved':
      outline(ctx, cell, theme.faint, [2.5, 3]);
      break;
    case 'noAccess':
      paintNoAccess(ctx, cell, theme);
      break;
  }
  if (cell.writeProtected) paintNotch(ctx, cell, theme);
  paintCellText(ctx, cell, theme);
}

/** One colour, or as many vertical slants as there are owners. */
function paintOwners(ctx: Context, cell: CellItem, theme: PictureTheme): void {
  ctx.save();
  ctx.clip();
  const owners = cell.owners.length === 0 ? [] : cell.owners;
  if (owners.length === 0) {
    ctx.fillStyle = theme.file;
    ctx.fillRect(cell.x, cell.y, cell.w, cell.h);
  }
  if (owners.length === 1) fillPart(ctx, cell, owners[0]!);
  if (owners.length > 1) {
    // Slanted parts, the first owner in the upper left.
    const span = cell.w + cell.h;
    const part = span / owners.length;
    owners.forEach((pid, i) => {
      const from = cell.x + i * part;
      ctx.save();
      ctx.beginPath();
      ctx.moveTo(from, cell.y);
      ctx.lineTo(from + part, cell.y);
      ctx.lineTo(from + part - cell.h, cell.y + cell.h);
      ctx.lineTo(from - cell.h, cell.y + cell.h);
      ctx.closePath();
      ctx.clip();
      fillPart(ctx, cell, pid);
      ctx.restore();
    });
  }
  ctx.restore();
}

function fillPart(ctx: Context, box: Box, pid: number): void {
  ctx.fillStyle = ownerColour(pid);
  ctx.fillRect(box.x, box.y, box.w, box.h);
  applyPattern(ctx, ownerPattern(pid), box);
}

/** The kernel's grey with its task's colour in a corner. */
function paintTable(ctx: Context, cell: CellItem, theme: PictureTheme): void {
  ctx.fillStyle = theme.kernel;
  ctx.fill();
  const pid = cell.owners[0];
  if (pid === undefined) return;
  const side = Math.min(cell.w, cell.h) * 0.42;
  ctx.save();
  ctx.clip();
  ctx.beginPath();
  ctx.moveTo(cell.x + cell.w - side, cell.y);
  ctx.lineTo(cell.x + cell.w, cell.y);
  ctx.lineTo(cell.x + cell.w, cell.y + side);
  ctx.closePath();
  ctx.clip();
  fillPart(ctx, { x: cell.x + cell.w - side, y: cell.y, w: side, h: side }, pid);
  ctx.restore();
}

function outline(ctx: Context, cell: Box, colour: string, dash: number[]): void {
  const inset = { x: cell.x + 1, y: cell.y + 1, w: cell.w - 2, h: cell.h - 2 };
  round(ctx, inset, cellRadius(cell));
  ctx.setLineDash(dash);
  ctx.lineWidth = dash.length === 0 ? 2 : 1.25;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintNoAccess(ctx: Context, cell: CellItem, theme: PictureTheme): void {
  const colour = cell.owners[0] === undefined ? theme.muted : ownerColour(cell.owners[0]);
  outline(ctx, cell, colour, []);
  ctx.save();
  round(ctx, cell, cellRadius(cell));
  ctx.clip();
  ctx.beginPath();
  ctx.moveTo(cell.x, cell.y + cell.h);
  ctx.lineTo(cell.x + cell.w, cell.y);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.restore();
}

/** A corner cut off: a write must fault first. */
function paintNotch(ctx: Context, cell: Box, theme: PictureTheme): void {
  const side = cell.w * 0.32;
  ctx.beginPath();
  ctx.moveTo(cell.x + cell.w - side, cell.y);
  ctx.lineTo(cell.x + cell.w + 0.5, cell.y - 0.5);
  ctx.lineTo(cell.x + cell.w, cell.y + side);
  ctx.closePath();
  ctx.fillStyle = theme.band;
  ctx.fill();
}

function paintCellText(ctx: Context, cell: CellItem, theme: PictureTheme): void {
  const filled = cell.look === 'owned' || cell.look === 'run' || cell.look === 'file';
  const onKernel = cell.look === 'kernel' || cell.look === 'table';
  const tone = filled ? theme.onCell : onKernel ? theme.onKernel : cell.look === 'zero' ? theme.text : theme.muted;
  ctx.textBaseline = 'middle';
  const onFrame = cell.meaning.of === 'frame';
  const wide = cell.look === 'run' || (cell.note.startsWith('×') && cell.look === 'reserved');
  if (cell.label !== '' && cell.w >= 13) {
    const size = onFrame ? Math.min(24, cell.h * 0.3) : Math.min(30, cell.h * 0.46);
    if (size >= 6) {
      ctx.font = `500 ${size}px ${MONO}`;
      ctx.fillStyle = cell.look === 'free' ? theme.quiet : tone;
      ctx.textAlign = onFrame ? 'left' : 'center';
      const fits = ctx.measureText(cell.label).width <= cell.w - 2;
      if (!fits) ctx.font = `500 ${Math.max(5, (size * (cell.w - 2)) / ctx.measureText(cell.label).width)}px ${MONO}`;
      if (onFrame) ctx.fillText(cell.label, cell.x + cell.h * 0.1, cell.y + size * 0.5 + cell.h * 0.1);
      else ctx.fillText(cell.label, cell.x + cell.w / 2, cell.y + cell.h / 2 + 0.5);
    }
  }
  if (cell.note === '') return;
  const size = wide ? Math.min(24, cell.h * 0.42) : Math.min(28, cell.h * 0.32);
  if (size < 6) return;
  ctx.font = `700 ${size}px ${SANS}`;
  ctx.fillStyle = tone;
  ctx.textAlign = wide ? 'center' : 'right';
  if (wide) ctx.fillText(cell.note, cell.x + cell.w / 2, cell.y + cell.h / 2 + 0.5);
  else ctx.fillText(cell.note, cell.x + cell.w - cell.h * 0.08, cell.y + cell.h - size * 0.75);
}

/** Around what just changed (accent) and what is selected or linked (text colour), above everything else. */
function paintRings(ctx: Context, cell: CellItem, theme: PictureTheme): void {
  if (!cell.fresh && !cell.selected && !cell.lit) return;
  const ring = (grow: number, width: number, colour: string): void => {
    round(
      ctx,
      { x: cell.x - grow, y: cell.y - grow, w: cell.w + 2 * grow, h: cell.h + 2 * grow },
      cellRadius(cell) + grow,
    );
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    ctx.stroke();
  };
  const s = Math.max(1, cell.h / 34);
  if (cell.fresh) ring(2 * s, 2.75 * s, theme.accent);
  if (cell.lit || cell.selected) ring((cell.fresh ? 4.5 : 2) * s, (cell.selected ? 2.5 : 1.75) * s, theme.text);
}

const cut = new Map<string, string>();

/** The text, or as much of it as fits with an ellipsis. */
function fit(ctx: Context, content: string, max: number): string {
  if (!Number.isFinite(max)) return content;
  const key = `${ctx.font}|${Math.round(max)}|${content}`;
  const known = cut.get(key);
  if (known !== undefined) return known;
  let result = content;
  while (result.length > 1 && ctx.measureText(result).width > max) result = `${result.slice(0, -2).trimEnd()}…`;
  if (cut.size > 4000) cut.clear();
  cut.set(key, result);
  return result;
}

function paintText(ctx: Context, item: TextItem, theme: PictureTheme): void {
  ctx.font = `${item.weight} ${item.size}px ${item.font === 'mono' ? MONO : SANS}`;
  ctx.textAlign = item.align;
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = item.tone === 'onCell' ? theme.onCell : theme[item.tone];
  ctx.fillText(fit(ctx, item.text, item.max), item.x, item.y);
}

function paintBadge(ctx: Context, item: BadgeItem, theme: PictureTheme): void {
  round(ctx, item, 6);
  ctx.save();
  ctx.clip();
  fillPart(ctx, item, item.pid);
  ctx.restore();
  ctx.font = `700 ${item.h * 0.56}px ${SANS}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.onCell;
  ctx.fillText(String(item.pid), item.x + item.w / 2, item.y + item.h / 2 + 1);
}

function paintGap(ctx: Context, item: GapItem, theme: PictureTheme): void {
  if (item.text === '') return;
  const size = Math.max(9, Math.min(item.w * 0.042, item.h * 0.72));
  ctx.font = `400 ${size}px ${SANS}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme.muted;
  const middle = item.y + item.h / 2 - 1;
  ctx.fillText(item.text, item.x + item.w / 2, middle);
  const half = ctx.measureText(item.text).width / 2 + 10;
  ctx.setLineDash([1.5, 5]);
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = theme.faint;
  ctx.beginPath();
  ctx.moveTo(item.x + 8, middle);
  ctx.lineTo(item.x + item.w / 2 - half, middle);
  ctx.moveTo(item.x + item.w / 2 + half, middle);
  ctx.lineTo(item.x + item.w - 8, middle);
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintGauge(ctx: Context, item: GaugeItem, theme: PictureTheme): void {
  round(ctx, item, item.h / 2);
  ctx.fillStyle = theme.free;
  ctx.fill();
  ctx.save();
  ctx.clip();
  let x = item.x;
  for (const part of item.parts) {
    const w = item.w * part.share;
    ctx.fillStyle = part.tone === 'kernel' ? theme.kernel : part.tone === 'table' ? theme.faint : theme.text;
    ctx.fillRect(x, item.y, w, item.h);
    x += w;
  }
  ctx.restore();
}

interface Curve {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly cx0: number;
  readonly cy0: number;
  readonly cx1: number;
  readonly cy1: number;
}

/** From a page's lower edge to a frame's left edge; from frame to frame in an arc. */
function curveOf(link: LinkItem): Curve {
  const { from, to } = link;
  if (link.kind === 'copy') {
    const x0 = from.x + from.w / 2;
    const x1 = to.x + to.w / 2;
    const sameRow = Math.abs(from.y - to.y) < 2;
    const down = to.y > from.y;
    const y0 = from.y + from.h * (sameRow || down ? 0.72 : 0.28);
    const y1 = to.y + to.h * (sameRow ? 0.72 : down ? 0.4 : 0.6);
    const bend = sameRow ? from.h * 1.1 : (y1 - y0) * 0.5;
    return { x0, y0, x1, y1, cx0: x0, cy0: y0 + bend, cx1: x1, cy1: sameRow ? y1 + bend : y1 - bend };
  }
  const x0 = from.x + from.w / 2;
  const y0 = from.y + from.h;
  const x1 = to.x - 3;
  const y1 = to.y + to.h / 2;
  const reach = Math.max(40, Math.abs(x1 - x0) * 0.42);
  return { x0, y0, x1, y1, cx0: x0 + reach * 0.35, cy0: y0 + 26, cx1: x1 - reach, cy1: y1 };
}

function paintLink(ctx: Context, link: LinkItem, theme: PictureTheme): void {
  const c = curveOf(link);
  const s = Math.max(1, link.from.h / 34);
  const colour = link.kind === 'copy' ? theme.accent : ownerColour(link.pid);
  ctx.beginPath();
  ctx.moveTo(c.x0, c.y0);
  ctx.bezierCurveTo(c.cx0, c.cy0, c.cx1, c.cy1, c.x1, c.y1);
  if (link.kind === 'copy') {
    ctx.lineWidth = 5.5 * s;
    ctx.strokeStyle = theme.panel;
    ctx.stroke();
  }
  ctx.lineWidth = (link.kind === 'copy' ? 2.75 : 2.25) * s;
  ctx.strokeStyle = colour;
  ctx.setLineDash(link.kind === 'copy' ? [6 * s, 4 * s] : []);
  ctx.stroke();
  ctx.setLineDash([]);
  arrowHead(ctx, c, colour, 8 * s);
}

function arrowHead(ctx: Context, c: Curve, colour: string, size: number): void {
  const angle = Math.atan2(c.y1 - c.cy1, c.x1 - c.cx1);
  ctx.beginPath();
  ctx.moveTo(c.x1 + Math.cos(angle) * 2, c.y1 + Math.sin(angle) * 2);
  for (const side of [2.6, -2.6]) {
    ctx.lineTo(c.x1 + Math.cos(angle + side) * size, c.y1 + Math.sin(angle + side) * size);
  }
  ctx.closePath();
  ctx.fillStyle = colour;
  ctx.fill();
}

function paintLinkLabel(ctx: Context, link: LinkItem, theme: PictureTheme): void {
  const c = curveOf(link);
  // Beside the arc where there is room between the two frames, else below the copy.
  const s = Math.max(1, Math.min(3, link.to.h / 40));
  const far = Math.hypot(c.x1 - c.x0, c.y1 - c.y0) > 120 * s;
  const x = far ? (c.x0 + 3 * c.cx0 + 3 * c.cx1 + c.x1) / 8 : link.to.x + link.to.w / 2;
  const y = far ? (c.y0 + 3 * c.cy0 + 3 * c.cy1 + c.y1) / 8 : link.to.y + link.to.h + 17 * s;
  ctx.font = `600 ${12 * s}px ${SANS}`;
  const width = ctx.measureText(link.label).width + 16 * s;
  round(ctx, { x: x - width / 2, y: y - 11 * s, w: width, h: 22 * s }, 11 * s);
  ctx.fillStyle = theme.accent;
  ctx.fill();
  ctx.fillStyle = theme.onAccent;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(link.label, x, y + 0.5);
}

/** Frames too small for cells: one pixel of an image each, scaled without smoothing. */
function paintMosaic(
  ctx: Context,
  mosaic: NonNullable<DrawList['mosaic']>,
  frames: FramesSnapshot,
  theme: PictureTheme,
): void {
  const rows = Math.ceil(frames.total / mosaic.columns);
  const image = new ImageData(mosaic.columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const palette = mosaicPalette(theme);
  for (let frame = 0; frame < frames.total; frame++) {
    const owners = frames.owners[frame]!;
    const use = frameUseOf(frames.use[frame]!);
    if (frames.fresh[frame] === 1) pixels[frame] = palette.accent;
    else if (use === 'free') pixels[frame] = palette.free;
    else if (owners === 0 || use === 'table') pixels[frame] = palette.kernel;
    else pixels[frame] = palette.owners[ownerAt(owners, frame) % palette.owners.length]!;
  }
  const buffer = new OffscreenCanvas(mosaic.columns, rows);
  buffer.getContext('2d')!.putImageData(image, 0, 0);
  const pitch = mosaic.w / mosaic.columns;
  ctx.imageSmoothingEnabled = pitch < 1;
  ctx.drawImage(buffer, mosaic.x, mosaic.y, mosaic.w, rows * pitch);
}

/** One of the owners of a frame: neighbours that are shared take turns, so that sharing is seen as a weave. */
function ownerAt(bits: number, frame: number): number {
  let left = bits;
  for (let skip = frame % bitCount(bits); skip > 0; skip--) left &= left - 1;
  return 31 - Math.clz32(left & -left);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

/** 0xAABBGGRR, as ImageData wants it on a little-endian machine. */
function pixel(colour: string): number {
  const n = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
}

function mosaicPalette(theme: PictureTheme): { accent: number; free: number; kernel: number; owners: number[] } {
  return {
    accent: pixel(theme.accent),
    free: pixel(theme.free),
    kernel: pixel(theme.kernel),
    owners: [0, 1, 2, 3, 4, 5].map((pid) => pixel(ownerColour(pid))),
  };
}
