import { lab } from '../stores/lab.svelte.ts';

/** Answers the question on the screen with its n-th choice. @returns false when there is no such choice */
export function answerQuestion(index: number): boolean {
  const choice = lab.player?.nextAsk?.choices[index];
  if (!lab.asking || choice === undefined) return false;
  lab.answer = choice;
  return true;
}

export function answerNumber(value: string): void {
  if (lab.asking) lab.answer = value.trim();
}
