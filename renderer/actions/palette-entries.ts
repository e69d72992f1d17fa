import { ACTION_IDS, ACTIONS, keyText } from '../../engine/protocol/actions.ts';
import type { OperationHelp } from '../../engine/protocol/player.ts';
import type { BundledScenario } from '../../engine/protocol/window-api.ts';
import { fuzzyMatch } from '../lib/fuzzy.ts';
import { lab } from '../stores/lab.svelte.ts';
import { openBundled } from './open-scenario.ts';
import { isPossible, runAction } from './run-action.ts';
import { seek } from './step.ts';

/** Something that the palette offers. */
export interface PaletteEntry {
  /** Of its own among all entries. */
  readonly key: string;
  readonly title: string;
  /** A few more words; they are searched too, and count less. */
  readonly detail: string;
  /** What it is: an action's group, Lesson, Command, Chapter. */
  readonly kind: string;
  /** Key that does the same. */
  readonly shortcut: string;
  /** Done when it is chosen; a text is put where one types instead, to be finished. */
  readonly run: () => unknown;
  readonly types?: string;
}

/** Actions that have something to act on, as the table has them. */
export function actionEntries(): PaletteEntry[] {
  return ACTION_IDS.filter((id) => id !== 'help.palette' && id !== 'lab.release' && isPossible(id)).map((id) => {
    const { title, group, keys } = ACTIONS[id];
    const shortcut = keys[0] === undefined ? '' : keyText(keys[0]);
    return { key: id, title, detail: '', kind: group, shortcut, run: () => runAction(id) };
  });
}

export function chapterEntries(): PaletteEntry[] {
  return (lab.outline?.chapters ?? []).map(({ title, firstStep }, i) => ({
    key: `chapter ${i}`,
    title: `${i + 1} ${title}`,
    detail: `from step ${firstStep} on`,
    kind: 'Chapter',
    shortcut: '',
    run: () => seek(firstStep),
  }));
}

export const lessonEntries = (lessons: readonly BundledScenario[]): PaletteEntry[] =>
  lessons.map(({ id, title, summary }) => ({
    key: `lesson ${id}`,
    title,
    detail: summary,
    kind: 'Lesson',
    shortcut: '',
    run: () => openBundled(id),
  }));

/** Commands of the console: chosen, each stands there to be finished. */
export function commandEntries(help: readonly OperationHelp[]): PaletteEntry[] {
  const task = lab.snapshot?.tasks[0]?.view.pid ?? 0;
  return help.map(({ op, usage, help: words }) => ({
    key: `command ${usage}`,
    title: usage,
    detail: words,
    kind: 'Command',
    shortcut: '',
    run: () => undefined,
    types: op.startsWith('@') ? `${op} ` : `p${task} ${op} `,
  }));
}

/** An entry with the letters of its title that were meant. */
export interface RankedEntry {
  readonly entry: PaletteEntry;
  readonly at: readonly number[];
}

/** Letters in the explaining words count less than in the title. */
const DETAIL = 0.4;
/** Entries shown at most: nobody reads on beyond them. */
const SHOWN = 60;

/** What fits, best first; those that fit equally well stay in their order. */
export function rank(typed: string, entries: readonly PaletteEntry[]): RankedEntry[] {
  return entries
    .flatMap((entry) => {
      const title = fuzzyMatch(typed, `${entry.title} ${entry.kind}`);
      const all = title ?? fuzzyMatch(typed, `${entry.detail} ${entry.title} ${entry.kind}`);
      if (all === null) return [];
      return [{ entry, at: title?.at ?? [], score: title === null ? all.score * DETAIL : title.score }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN);
}

/** Is it a line for the console: a task or the machine, and what it shall do? */
export const isCommand = (typed: string): boolean => /^\s*(p\d+\s|@)/.test(typed);
