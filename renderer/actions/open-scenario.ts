import { forgetWatches, tellStops } from './watch.ts';
import type { TypedStep } from '../../engine/protocol/player.ts';
import type { OpenedScenario, Place, Reply } from '../../engine/protocol/window-api.ts';
import type { OpenedLab } from '../../engine/protocol/worker.ts';
import { EMPTY_PLAN, extendPlan } from '../stores/plan.ts';
import { code } from '../stores/code.svelte.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { inTurn } from './in-turn.ts';
import { keepPlace } from './keep-place.ts';
import { isProgramFile, programScenario } from './program-scenario.ts';
import { openCode } from './show-code.ts';
import { forgetTyped } from './undo.ts';
import { showState } from './show-state.ts';

/** Opens a scenario's text. A text that cannot be used is shown with line and remedy; the lab stays as it was. */
export async function openScenario(
  scenario: OpenedScenario,
  typed: readonly TypedStep[] = [],
  position = 0,
): Promise<boolean> {
  if (isProgramFile(scenario)) return openProgram(scenario);
  const { name, text, files } = scenario;
  const shown = await inTurn(async () =>
    showOpened(scenario, await engine.call('open', name, text, typed, position, files)),
  );
  return shown ?? false;
}

/** A C program: loaded on a machine of its own, or shown with what is wrong with it. */
async function openProgram({ name, text }: OpenedScenario): Promise<boolean> {
  const problems = await engine.call('checkProgram', name, text);
  if (problems.length === 0) return openScenario(programScenario(name, text), [], 1);
  code.draft = { file: name, text, from: null };
  code.problems = problems;
  code.editing = true;
  code.shown = true;
  return false;
}

/** Puts an opened scenario on the screen, or why it could not be opened. */
export async function showOpened(scenario: OpenedScenario, opened: OpenedLab): Promise<boolean> {
  performance.mark('faultline:opened');
  // Pictures are measured with the lab's own letters.
  await document.fonts.ready;
  if (!opened.reply.ok || opened.state === null) {
    lab.refused = { name: scenario.name, problems: opened.reply.problems };
    return false;
  }
  lab.refused = null;
  if (lab.scenario?.name !== scenario.name) forgetWatches();
  lab.scenario = scenario;
  lab.otherRun = null;
  lab.against = null;
  lab.outline = opened.reply.outline;
  lab.marks = opened.reply.marks;
  lab.playing = false;
  lab.answer = null;
  lab.console = [];
  lab.menu = null;
  forgetTyped();
  lab.firstColumn = 0;
  lab.heapChosen = false;
  lab.walkChosen = false;
  lab.walkOf = null;
  lab.plan = opened.shapes.reduce(extendPlan, EMPTY_PLAN);
  document.title = `${opened.reply.outline.title} · Faultline`;
  await openCode();
  await showState(opened.state);
  await tellStops();
  void keepPlace();
  return true;
}

/** The system's dialog. */
export async function openByDialog(): Promise<void> {
  await openReply(await window.faultline.scenarios.openDialog());
}

/** What main has read for the window, or why it could not. */
export async function openReply(reply: Reply<OpenedScenario>): Promise<void> {
  if (reply.ok) await openScenario(reply.value);
  else if (reply.code !== 'cancelled') lab.notice = reply.message;
}

export async function openBundled(id: string): Promise<void> {
  await openReply(await window.faultline.scenarios.read(id));
}

/** A text larger than this is no scenario. Characters. */
const LARGEST_TEXT = 1_048_576;

/** A file dropped onto the window. */
export async function openDropped(file: File): Promise<void> {
  if (file.size > LARGEST_TEXT) {
    lab.notice = `${file.name} is too large to be a scenario; drop a scenario.yaml or a C program`;
    return;
  }
  await openScenario({ name: file.name, text: await file.text(), bundled: false });
}

export async function openPlace(place: Place): Promise<boolean> {
  return openScenario(place.scenario, place.typed, place.step);
}
