import { SANS } from './paint-basics.ts';
import { ownerColour, type PictureTheme } from './theme.ts';
import type { TimelineScene } from './timeline-scene.ts';

/** Paints the timeline: lanes, ticks in their tasks' colours, chapters below, the playhead above all. */
export function paintTimeline(ctx: CanvasRenderingContext2D, scene: TimelineScene, theme: PictureTheme): void {
  const s = scene.scale;
  ctx.clearRect(0, 0, scene.width, scene.height);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { name, y } of scene.lanes) {
    ctx.font = `400 ${12 * s}px ${SANS}`;
    ctx.fillStyle = theme.muted;
    ctx.fillText(name, 18 * s, y);
    ctx.strokeStyle = theme.band;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(scene.left, y);
    ctx.lineTo(scene.right, y);
    ctx.stroke();
  }
  paintSteps(ctx, scene, theme);
  for (const tick of scene.ticks) {
    ctx.globalAlpha = tick.done ? 1 : 0.42;
    ctx.fillStyle = ownerColour(tick.pid);
    ctx.beginPath();
    ctx.roundRect(tick.x - 2 * s, tick.y - 5 * s, 4 * s, 10 * s, 1.5 * s);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  paintChapters(ctx, scene, theme);
  ctx.fillStyle = theme.accent;
  ctx.fillRect(scene.playhead - 1.25 * s, 8 * s, 2.5 * s, scene.height - 24 * s);
  ctx.beginPath();
  ctx.arc(scene.playhead, 8 * s, 5.5 * s, 0, Math.PI * 2);
  ctx.fill();
}

/** A faint line where each step ends, as long as there is room for it. */
function paintSteps(ctx: CanvasRenderingContext2D, scene: TimelineScene, theme: PictureTheme): void {
  if (scene.stepWidth < 6) return;
  ctx.fillStyle = theme.faint;
  const s = scene.scale;
  const y = scene.height - 20 * s;
  for (let step = 0; step <= scene.length; step++) {
    ctx.fillRect(scene.left + step * scene.stepWidth - 0.5, y - 3 * s, s, 5 * s);
  }
  for (const x of scene.bookmarks) {
    ctx.fillStyle = theme.accent;
    ctx.beginPath();
    ctx.moveTo(x - 4 * s, y - 6 * s);
    ctx.lineTo(x + 4 * s, y - 6 * s);
    ctx.lineTo(x, y);
    ctx.fill();
  }
}

function paintChapters(ctx: CanvasRenderingContext2D, scene: TimelineScene, theme: PictureTheme): void {
  const s = scene.scale;
  const y = scene.height - 9 * s;
  for (const chapter of scene.chapters) {
    ctx.fillStyle = chapter.current ? theme.text : theme.muted;
    ctx.beginPath();
    ctx.moveTo(chapter.x, y - 4 * s);
    ctx.lineTo(chapter.x + 6 * s, y);
    ctx.lineTo(chapter.x, y + 4 * s);
    ctx.fill();
    ctx.font = `${chapter.current ? 600 : 400} ${12 * s}px ${SANS}`;
    let words = chapter.text;
    while (words.length > 2 && ctx.measureText(words).width > chapter.width - 18 * s) words = `${words.slice(0, -2)}…`;
    ctx.fillText(words, chapter.x + 11 * s, y + 0.5);
  }
}
