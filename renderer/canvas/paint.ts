import type { FramesSnapshot } from '../../engine/protocol/snapshot.ts';
import type { BadgeItem, DrawItem, DrawList, GapItem, GaugeItem, PanelItem, TextItem } from './draw-list.ts';
import { fillPart, MONO, paintEdge, round, SANS, type Context } from './paint-basics.ts';
import { paintCell, paintRings } from './paint-cell.ts';
import { paintEntryHead, paintLink, paintLinkLabel } from './paint-link.ts';
import { paintMosaic } from './paint-mosaic.ts';
import { applyPattern } from './pattern.ts';
import { ownerColour, ownerPattern, type PictureTheme } from './theme.ts';

/** Paints a draw list. The context is scaled so that one unit is a CSS pixel. */
export function paintStage(ctx: Context, list: DrawList, frames: FramesSnapshot, theme: PictureTheme): void {
  ctx.clearRect(0, 0, list.width, list.height);
  for (const item of list.items) paintItem(ctx, item, theme);
  if (list.mosaic !== null) paintMosaic(ctx, list.mosaic, frames, theme);
  for (const item of list.items) if (item.type === 'cell') paintRings(ctx, item, theme);
  for (const item of list.items) if (item.type === 'link') paintEntryHead(ctx, item);
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

function paintPanel(ctx: Context, item: PanelItem, theme: PictureTheme): void {
  round(ctx, item, item.radius);
  ctx.fillStyle = item.tone === 'panel' ? theme.panel : theme.band;
  ctx.fill();
  if (theme.edge !== null && item.tone === 'panel') paintEdge(ctx, item, item.radius, theme.edge);
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
  ctx.fillStyle = theme.accent;
  for (const mark of item.marks) ctx.fillRect(item.x + item.w * mark - 0.75, item.y - 3, 1.5, item.h + 6);
}
