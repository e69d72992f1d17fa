import type { Place, Reply } from '../../engine/protocol/window-api.ts';
import type { OpenedLab } from '../../engine/protocol/worker.ts';
import { EngineClient } from '../stores/engine-client.ts';
import { isProgramFile } from './program-scenario.ts';

/** The one engine of this window. */
export const engine = new EngineClient();

/** What main wants to be opened first. */
export const initial: Promise<Reply<Place>> = window.faultline.initial();

/** The engine's answer to that, not rehearsed yet; null when main could not read it. */
export const firstOpening: Promise<OpenedLab | null> = initial.then((reply) => {
  if (!reply.ok) return null;
  const { scenario, typed, step } = reply.value;
  // A C program is opened once the window can show what may be wrong with it.
  if (isProgramFile(scenario)) return null;
  return engine.call('begin', scenario.name, scenario.text, typed, step, scenario.files);
});
