import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { keepPlace } from './keep-place.ts';
import { forgetTyped, noteTyped } from './undo.ts';
import { showState } from './show-state.ts';

/** Lines the console keeps. */
const KEPT = 200;

/** Carries out a command typed in the console: a step of its own at the present place. @returns whether it ran */
export async function typeCommand(text: string): Promise<boolean> {
  if (text.trim() === '' || lab.panic !== null) return false;
  const atStep = lab.player?.position ?? 0;
  const { problems, state } = await engine.call('type', text);
  const problem = problems[0];
  const report = state.player.report;
  const answer =
    problem === undefined
      ? (report?.narration.sentence ?? '')
      : `column ${problem.column}: ${problem.message}; ${problem.remedy}`;
  const failed = problem !== undefined || (report?.commands.some((command) => command.failed) ?? false);
  lab.console = [...lab.console, { text, answer, failed }].slice(-KEPT);
  if (problem !== undefined) return false;
  noteTyped({ atStep, text });
  await showState(state);
  void keepPlace();
  return true;
}

/** Back to the script: all that was typed is dropped. */
export async function discardTyped(): Promise<void> {
  forgetTyped();
  await showState(await engine.call('discardTyped'));
  void keepPlace();
}
