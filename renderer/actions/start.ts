import { lab } from '../stores/lab.svelte.ts';
import { extendPlan } from '../stores/plan.ts';
import { engine } from './engine.ts';
import { firstOpening, initial } from './first-opening.ts';
import { onKey } from './keys.ts';
import { openDropped, openReply, openScenario, showOpened } from './open-scenario.ts';
import { isProgramFile } from './program-scenario.ts';
import { runAction } from './run-action.ts';
import { ignoreStopped } from './stop-engine.ts';
import { loadWords } from './explain.ts';
import { restoreDraft } from './draft.ts';
import { applySettings, followDesktop } from './settings.ts';

const TOUR = 'who-copies';

/** A window that has not drawn by then is not seen. */
const UNSEEN_MS = 500;

/** Wires the window to main, keys, drops and the system's theme, then opens what is to be opened first. */
export async function startLab(): Promise<void> {
  performance.mark('faultline:script');
  const api = window.faultline;
  followDesktop();
  restoreDraft();
  window.addEventListener('keydown', onKey);
  ignoreStopped();
  acceptDrops();
  api.onOpened((reply) => void openReply(reply));
  api.onMenu(runAction);
  api.onSettings(applySettings);
  await Promise.all([openFirst(), followSettings(), askInfo()]);
  performance.mark('faultline:ready');
  lab.ready = true;
  document.documentElement.dataset.ready = 'true';
  await firstPicture();
  await finishOpening();
  document.documentElement.dataset.rehearsed = 'true';
  await loadWords();
  if (lab.info?.introduces === true && lab.settings?.introduced === false) lab.sheet = 'introduction';
}

/** Work that can wait leaves both processor cores to what is seen first. A window that is not shown draws nothing. */
function firstPicture(): Promise<void> {
  return new Promise((painted) => {
    const painting = requestAnimationFrame(() => requestAnimationFrame(() => done()));
    const unseen = setTimeout(() => done(), UNSEEN_MS);
    const done = () => {
      cancelAnimationFrame(painting);
      clearTimeout(unseen);
      painted();
    };
  });
}

/** What lies ahead of a first scenario that was only begun: its marks, room for all it will show, or why it cannot run. */
async function finishOpening(): Promise<void> {
  const { scenario } = lab;
  if (scenario === null) return;
  const { problems, marks, shapes } = await engine.call('rehearse');
  // Somebody may have opened another one meanwhile.
  if (lab.scenario !== scenario) return;
  if (problems.length > 0) {
    lab.refused = { name: scenario.name, problems };
    return openTourBehind();
  }
  lab.marks = marks;
  lab.plan = shapes.reduce(extendPlan, lab.plan);
}

async function openFirst(): Promise<void> {
  const [reply, opened] = await Promise.all([initial, firstOpening]);
  if (!reply.ok) lab.notice = reply.message;
  const shown = reply.ok && opened !== null && (await showOpened(reply.value.scenario, opened));
  if (shown) return;
  await openTourBehind();
  if (reply.ok && isProgramFile(reply.value.scenario)) await openScenario(reply.value.scenario);
}

async function followSettings(): Promise<void> {
  const settings = await window.faultline.settings.get();
  if (settings.ok) applySettings(settings.value);
}

async function askInfo(): Promise<void> {
  const info = await window.faultline.info();
  if (info.ok) lab.info = info.value;
}

/** What was asked for cannot be used: why is shown over the tour, so that there is a lab to use. */
async function openTourBehind(): Promise<void> {
  const { refused } = lab;
  const tour = await window.faultline.scenarios.read(TOUR);
  if (tour.ok) await openScenario(tour.value);
  lab.refused = refused;
}

function acceptDrops(): void {
  window.addEventListener('dragover', (event) => event.preventDefault());
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void openDropped(file);
  });
}
