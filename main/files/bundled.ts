import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BundledScenario, OpenedScenario, Reply } from '../../engine/protocol/window-api.ts';
import { BUNDLED_FEATURES, BUNDLED_SCENARIOS, ID_CHARS, SUMMARY_CHARS, TITLE_CHARS } from '../limits.ts';
import { readScenario, SCENARIO_FILE } from './read-scenario.ts';
import { fail, ok } from './reply.ts';

/** The scenario that a newcomer sees first. */
export const TOUR = 'who-copies';

const ID = new RegExp(`^[a-z0-9][a-z0-9-]{0,${ID_CHARS - 1}}$`);

/** Whether a text can name a bundled scenario; such a text cannot lead out of their folder. */
export function isScenarioId(text: string): boolean {
  return ID.test(text);
}

/** The tour first, then by id. A folder that cannot be read is left out. */
export async function listBundled(folder: string): Promise<Reply<readonly BundledScenario[]>> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const ids = entries.filter((entry) => entry.isDirectory() && isScenarioId(entry.name)).map((entry) => entry.name);
  ids.sort((a, b) => Number(b === TOUR) - Number(a === TOUR) || (a < b ? -1 : 1));
  const { headOf } = await import('./scenario-head.ts');
  const read = ids.slice(0, BUNDLED_SCENARIOS).map(async (id): Promise<BundledScenario[]> => {
    const opened = await readBundled(folder, id);
    if (!opened.ok) return [];
    const { title, summary, features } = headOf(opened.value.text);
    return [
      {
        id,
        title: (title ?? id).slice(0, TITLE_CHARS),
        summary: (summary ?? '').slice(0, SUMMARY_CHARS),
        features: features.slice(0, BUNDLED_FEATURES),
      },
    ];
  });
  return ok((await Promise.all(read)).flat());
}

export async function readBundled(folder: string, id: string): Promise<Reply<OpenedScenario>> {
  if (!isScenarioId(id)) return fail('refused', 'A bundled scenario is named by small letters, digits and hyphens.');
  const opened = await readScenario(path.join(folder, id, SCENARIO_FILE), id);
  if (opened.ok || opened.code !== 'not-found') return opened;
  return fail('not-found', `There is no bundled scenario "${id}". Choose one from the list.`);
}
