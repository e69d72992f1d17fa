import type { Box, CellItem } from './draw-list.ts';
import { fillPart, MONO, paintEdge, round, SANS, type Context } from './paint-basics.ts';
import { ownerColour, type PictureTheme } from './theme.ts';

const cellRadius = (cell: Box): number => Math.min(4, cell.w / 6);

export function paintCell(ctx: Context, cell: CellItem, theme: PictureTheme): void {
  round(ctx, cell, cellRadius(cell));
  switch (cell.look) {
    case 'free':
      ctx.fillStyle = theme.free;
      ctx.fill();
      if (theme.edge !== null) paintEdge(ctx, cell, cellRadius(cell), theme.edge);
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
    case 'swapped':
      outline(ctx, cell, cell.owners[0] === undefined ? theme.muted : ownerColour(cell.owners[0]), [4, 2.5]);
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
  // A colour may be as bright as the kernel's grey: the corner has an edge.
  ctx.beginPath();
  ctx.moveTo(cell.x + cell.w - side, cell.y);
  ctx.lineTo(cell.x + cell.w, cell.y + side);
  ctx.lineWidth = Math.max(1, side * 0.12);
  ctx.strokeStyle = theme.onKernel;
  ctx.stroke();
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
  const outlined = cell.look === 'zero' || cell.look === 'swapped';
  const tone = filled ? theme.onCell : onKernel ? theme.onKernel : outlined ? theme.text : theme.muted;
  ctx.textBaseline = 'middle';
  const onFrame = cell.meaning.of !== 'page';
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
export function paintRings(ctx: Context, cell: CellItem, theme: PictureTheme): void {
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
  const s = Math.max(0.75, cell.h / 34);
  if (cell.fresh) ring(2 * s, 2.75 * s, theme.accent);
  // Inside the ring of what changed, so that neighbours keep their numbers.
  if (cell.lit || cell.selected) ring((cell.fresh ? -0.6 : 2) * s, (cell.selected ? 2.5 : 1.75) * s, theme.text);
}
