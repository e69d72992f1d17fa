import type { WhyLink, WhySubject } from '../../engine/protocol/why.ts';
import { lab } from '../stores/lab.svelte.ts';
import { showMemory } from './boards.ts';
import { engine } from './engine.ts';
import { select } from './select.ts';
import { showWhy } from './show-why.ts';
import { seek } from './step.ts';

/** Tells the story behind a thing where physical memory stands. */
export async function askWhy(subject: WhySubject): Promise<void> {
  await showMemory();
  lab.board = 'why';
  lab.whyOf = subject;
  await showWhy();
}

/** The story of what is selected, else of the step; or physical memory back. */
export async function toggleWhy(): Promise<void> {
  if (lab.board === 'why') return showMemory();
  await askWhy(lab.whyOf);
}

/** Goes to where a link happened, and lights what it is about. The story stays, so that one can come back to it. */
export async function followLink({ step, selection }: WhyLink): Promise<void> {
  lab.whyHeld = true;
  try {
    await seek(step);
    if (selection !== null && (await engine.call('inspect', selection)) !== null) await select(selection);
  } finally {
    lab.whyHeld = false;
  }
}
