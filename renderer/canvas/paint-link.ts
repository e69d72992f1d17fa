import type { LinkItem } from './draw-list.ts';
import { round, SANS, type Context } from './paint-basics.ts';
import { ownerColour, type PictureTheme } from './theme.ts';

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

/** From a page's lower edge to where the board is entered; from frame to frame in an arc. */
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
  const { x: x1, y: y1 } = link.entry ?? { x: to.x - 3, y: to.y + to.h / 2 };
  const reach = Math.max(40, Math.abs(x1 - x0) * 0.42);
  return { x0, y0, x1, y1, cx0: x0 + reach * 0.35, cy0: y0 + 26, cx1: x1 - reach, cy1: y1 };
}

export function paintLink(ctx: Context, link: LinkItem, theme: PictureTheme): void {
  const c = curveOf(link);
  const s = Math.max(1, link.from.h / 34);
  const colour = link.kind === 'copy' ? theme.accent : ownerColour(link.pid);
  ctx.beginPath();
  ctx.moveTo(c.x0, c.y0);
  ctx.bezierCurveTo(c.cx0, c.cy0, c.cx1, c.cy1, c.x1, c.y1);
  // Along the gap above the row, so that no other frame is crossed, then down into the frame.
  if (link.entry !== null) {
    ctx.lineTo(link.to.x + link.to.w / 2, c.y1);
    ctx.lineTo(link.to.x + link.to.w / 2, link.to.y);
  }
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
  if (link.entry === null) arrowHead(ctx, c, colour, 8 * s);
}

/** The head of a link into a frame lies over the frame's edge: painted when the cells are. */
export function paintEntryHead(ctx: Context, link: LinkItem): void {
  if (link.entry === null) return;
  const x = link.to.x + link.to.w / 2;
  const size = Math.max(6, link.to.h * 0.2);
  const y = link.to.y - 2.5;
  ctx.beginPath();
  ctx.moveTo(x, y + size);
  ctx.lineTo(x - size * 0.6, y);
  ctx.lineTo(x + size * 0.6, y);
  ctx.closePath();
  ctx.fillStyle = ownerColour(link.pid);
  ctx.fill();
  ctx.lineWidth = 1.25;
  ctx.strokeStyle = 'rgba(8, 14, 20, 0.75)';
  ctx.stroke();
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

export function paintLinkLabel(ctx: Context, link: LinkItem, theme: PictureTheme): void {
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
