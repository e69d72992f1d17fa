import { lab } from '../stores/lab.svelte.ts';
import { next } from './step.ts';

/** Reading time for a caption: a second, and a word every 0.28 s. */
const BASE_MS = 1000;
const WORD_MS = 280;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Starts or stops playing: each step stays as long as its caption takes to read. Stops at pauses and questions. */
export function playPause(): void {
  lab.playing = !lab.playing;
  clearTimeout(timer);
  if (lab.playing) void turn();
}

async function turn(): Promise<void> {
  if (!lab.playing) return;
  await next();
  const atEnd = lab.player !== null && lab.player.position >= lab.player.length;
  if (atEnd || lab.asking || lab.stopped.length > 0) lab.playing = false;
  if (!lab.playing) return;
  const words = (lab.report?.say ?? '').split(/\s+/).length;
  timer = setTimeout(() => void turn(), BASE_MS + words * WORD_MS);
}
