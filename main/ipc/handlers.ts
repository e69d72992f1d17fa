import { app, type BrowserWindow } from 'electron';
import type { OpenedScenario, Place, Reply } from '../../engine/protocol/window-api.ts';
import { listBundled, readBundled, TOUR } from '../files/bundled.ts';
import { askForScenario } from '../files/open-dialog.ts';
import { readScenario } from '../files/read-scenario.ts';
import type { RecentFiles } from '../files/recent.ts';
import { fail, ok } from '../files/reply.ts';
import type { Inbox } from '../launch/inbox.ts';
import { isFallbackRuntime } from '../launch/runtime.ts';
import type { PlaceKeeper } from '../storage/place-keeper.ts';
import type { SettingsStore } from '../storage/settings.ts';
import type { Questions } from './channels.ts';

export interface Parts {
  readonly scenarios: string;
  readonly inbox: Inbox;
  readonly places: PlaceKeeper;
  readonly settings: SettingsStore;
  readonly recent: RecentFiles;
  readonly window: () => BrowserWindow | null;
  readonly introduces: boolean;
}

/** What main answers to each question of the window. */
export function answers(parts: Parts): Questions {
  const { scenarios, places, settings, recent, window } = parts;
  return {
    info: async () =>
      ok({
        version: app.getVersion(),
        electron: process.versions.electron,
        chrome: process.versions.chrome,
        fallbackRuntime: isFallbackRuntime(process.versions.electron),
        introduces: parts.introduces,
      }),
    initial: async () => {
      const begin = await whereToBegin(parts);
      if (begin.ok) places.keep(begin.value); // so that a page that dies before its first step comes back to it
      return begin;
    },
    'scenarios.list': () => listBundled(scenarios),
    'scenarios.read': (id) => readBundled(scenarios, id),
    'scenarios.openDialog': async () => {
      const parent = window();
      const file = parent && (await askForScenario(parent));
      return file ? openFile(file, recent) : fail('cancelled', 'No file was chosen.');
    },
    'settings.get': async () => ok(settings.get()),
    'settings.set': async (change) => ok(settings.change(change)),
    'place.keep': async (place) => {
      places.keep(place);
      return ok(null);
    },
  };
}

/** Reads a file that a person named, and lists it in the menu if it could be read. */
export async function openFile(file: string, recent: RecentFiles): Promise<Reply<OpenedScenario>> {
  const opened = await readScenario(file);
  if (opened.ok) recent.add(file);
  else if (opened.code === 'not-found') recent.drop(file);
  return opened;
}

/** A file somebody asked for, else the place of this run, else that of a run cut short, else the tour. */
async function whereToBegin({ scenarios, inbox, places, recent }: Parts): Promise<Reply<Place>> {
  const file = inbox.take();
  if (file !== null) return atStart(await openFile(file, recent));
  const kept = places.current() ?? places.fromBefore();
  return kept ? ok(kept) : atStart(await readBundled(scenarios, TOUR));
}

function atStart(opened: Reply<OpenedScenario>): Reply<Place> {
  return opened.ok ? ok({ scenario: opened.value, step: 0, typed: [] }) : opened;
}
