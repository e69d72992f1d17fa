import type { Problem } from '../../engine/protocol/player.ts';
import type { StopKind, Stops } from '../../engine/protocol/watch.ts';
import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { showWatches } from './show-watches.ts';

/** Watches a page, an area, a frame, a slot or a value from now on. @returns what is wrong with the text */
export async function addWatch(text: string): Promise<readonly Problem[]> {
  const wanted = text.trim();
  if (wanted === '' || lab.watched.includes(wanted)) return [];
  const [look] = await engine.call('watch', [wanted]);
  if (look === undefined || look.problems.length > 0) return look?.problems ?? [];
  lab.watched = [...lab.watched, wanted];
  await showWatches();
  return [];
}

export async function removeWatch(text: string): Promise<void> {
  lab.watched = lab.watched.filter((other) => other !== text);
  await setStops({ ...lab.stops, watches: lab.stops.watches.filter((other) => other !== text) });
  await showWatches();
}

/** A run stops where something watched changes, or no longer. */
export const toggleStopAtChange = (text: string): Promise<void> =>
  setStops({ ...lab.stops, watches: toggled(lab.stops.watches, text) });

/** A run stops at a kind of memory event, or no longer. */
export const toggleStopAt = (kind: StopKind): Promise<void> =>
  setStops({ ...lab.stops, events: toggled(lab.stops.events, kind) });

/** Another scenario has other names: nothing of it is watched, and nothing stops it. */
export function forgetWatches(): void {
  lab.watched = [];
  lab.watches = [];
  lab.stops = { events: [], watches: [] };
}

/** An engine that has just opened something knows of no stops. */
export async function tellStops(): Promise<void> {
  const { events, watches } = lab.stops;
  if (events.length > 0 || watches.length > 0) await setStops(lab.stops);
}

async function setStops(stops: Stops): Promise<void> {
  lab.stops = stops;
  lab.stopped = await engine.call('stops', stops);
}

const toggled = <T>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
