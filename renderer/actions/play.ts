import { lab } from '../stores/lab.svelte.ts';
import { changeSettings } from './settings.ts';
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
  timer = setTimeout(() => void turn(), (BASE_MS + words * WORD_MS) / (lab.settings?.speed ?? 1));
}

/** Speeds that the keys go through; 1 is reading speed. */
export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4] as const;

/** Plays faster or slower from the next step on. */
export async function changeSpeed(by: 1 | -1): Promise<void> {
  const now = lab.settings?.speed ?? 1;
  const speed = by === 1 ? SPEEDS.find((each) => each > now) : SPEEDS.findLast((each) => each < now);
  if (speed !== undefined) await changeSettings({ speed });
}
