import { SANS } from './paint.ts';
import { ownerColour, type PictureTheme } from './theme.ts';
import type { TimelineScene } from './timeline-scene.ts';

/** Paints the timeline: lanes, ticks in their tasks' colours, chapters below, the playhead above all. */
export function paintTimeline(ctx: CanvasRenderingContext2D, scene: TimelineScene, theme: PictureTheme): void {
  ctx.clearRect(0, 0, scene.width, scene.height);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { name, y } of scene.lanes) {
    ctx.font = `400 12px ${SANS}`;
    ctx.fillStyle = theme.muted;
    ctx.fillText(name, 18, y);
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
    ctx.roundRect(tick.x - 2, tick.y - 5, 4, 10, 1.5);
    ctx.fill();
  }
  ctx.globalAlpha = 1;
  paintChapters(ctx, scene, theme);
  ctx.fillStyle = theme.accent;
  ctx.fillRect(scene.playhead - 1.25, 8, 2.5, scene.height - 24);
  ctx.beginPath();
  ctx.arc(scene.playhead, 8, 5.5, 0, Math.PI * 2);
  ctx.fill();
}

/** A faint line where each step ends, as long as there is room for it. */
function paintSteps(ctx: CanvasRenderingContext2D, scene: TimelineScene, theme: PictureTheme): void {
  if (scene.stepWidth < 6) return;
  ctx.fillStyle = theme.faint;
  const y = scene.height - 20;
  for (let step = 0; step <= scene.length; step++) {
    ctx.fillRect(scene.left + step * scene.stepWidth - 0.5, y - 3, 1, 5);
  }
  for (const x of scene.bookmarks) {
    ctx.fillStyle = theme.accent;
    ctx.beginPath();
    ctx.moveTo(x - 4, y - 6);
    ctx.lineTo(x + 4, y - 6);
    ctx.lineTo(x, y);
    ctx.fill();
  }
}

function paintChapters(ctx: CanvasRenderingContext2D, scene: TimelineScene, theme: PictureTheme): void {
  const y = scene.height - 9;
  for (const chapter of scene.chapters) {
    ctx.fillStyle = chapter.current ? theme.text : theme.muted;
    ctx.beginPath();
    ctx.moveTo(chapter.x, y - 4);
    ctx.lineTo(chapter.x + 6, y);
    ctx.lineTo(chapter.x, y + 4);
    ctx.fill();
    ctx.font = `${chapter.current ? 600 : 400} 12px ${SANS}`;
    let words = chapter.text;
    while (words.length > 2 && ctx.measureText(words).width > chapter.width - 18) words = `${words.slice(0, -2)}…`;
    ctx.fillText(words, chapter.x + 11, y + 0.5);
  }
}
