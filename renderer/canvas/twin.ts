import { frameUseOf, type WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import type { PageState } from '../../engine/protocol/views.ts';
import { isCell, type DrawList } from './draw-list.ts';
import { MOST_CELLS, ownersFromBits } from './ram-scene.ts';
import { slotLabel } from './swap-scene.ts';
import { addressText } from './words.ts';

/**
 * The readable twin of the stage: the same facts as rows of a table, made from the snapshot alone. A test holds every
 * value equal to the draw list's.
 */
export interface PageRow {
  readonly key: string;
  readonly task: string;
  readonly region: string;
  /** `2`, or `4 to 15` for a folded run. */
  readonly page: string;
  readonly address: string;
  readonly state: string;
  /** `14`, or empty. */
  readonly frame: string;
  readonly sharers: number;
  readonly changed: boolean;
}

export interface FrameRow {
  readonly key: string;
  readonly frame: number;
  readonly use: string;
  readonly tasks: string;
  readonly entries: number;
  readonly changed: boolean;
}

const STATE_WORDS: Record<PageState, string> = {
  unmapped: 'unmapped',
  reserved: 'not present',
  zero: 'zero page',
  resident: 'resident, writable',
  readOnly: 'resident, read-only',
  noAccess: 'no access',
  guard: 'guard',
  swapped: 'in swap',
  device: 'a device’s memory',
};

export const stateWords = (state: PageState): string => STATE_WORDS[state];
const pageWords = (state: PageState, slot: number): string =>
  slot < 0 ? STATE_WORDS[state] : `${STATE_WORDS[state]}, slot ${slot}`;
const useWords = (use: string, swapCached: boolean): string => (swapCached ? `${use}, in the swap cache` : use);

export function pageRows(snapshot: WindowSnapshot): PageRow[] {
  const rows: PageRow[] = [];
  for (const { view: task, vmas } of snapshot.tasks) {
    for (const { view, runs } of vmas) {
      for (const run of runs) {
        const from = run.page - view.start + view.regionOffset;
        rows.push({
          key: `p${task.pid}:${run.page}`,
          task: task.name,
          region: view.region,
          page: run.pages === 1 ? String(from) : `${from} to ${from + run.pages - 1}`,
          address: addressText(run.page),
          state: pageWords(run.state, run.slot),
          frame: run.frame < 0 ? '' : String(run.frame),
          sharers: run.sharers,
          changed: run.fresh,
        });
      }
    }
  }
  return rows;
}

/** None where the board is a mosaic: the table's caption has the sums. */
export function frameRows(snapshot: WindowSnapshot): FrameRow[] {
  const { frames } = snapshot;
  if (frames.total > MOST_CELLS) return [];
  return Array.from({ length: frames.total }, (_, frame) => ({
    key: `f${frame}`,
    frame,
    use: useWords(frameUseOf(frames.use[frame]!), frames.swapCached[frame] === 1),
    tasks: taskWords(frames.owners[frame]!),
    entries: frames.mapcount[frame]!,
    changed: frames.fresh[frame] === 1,
  }));
}

/** A slot that is taken or just changed. */
export interface SlotRow {
  readonly key: string;
  /** `3`, on later devices `1:3`. */
  readonly slot: string;
  readonly state: string;
  readonly tasks: string;
  readonly names: number;
  /** Frame in the swap cache, or empty. */
  readonly frame: string;
  readonly changed: boolean;
}

export function slotRows({ slots }: WindowSnapshot): SlotRow[] {
  const rows: SlotRow[] = [];
  for (let slot = 0; slot < slots.total; slot++) {
    if (slots.taken[slot] === 0 && slots.fresh[slot] === 0) continue;
    rows.push({
      key: `s${slot}`,
      slot: slotLabel(slots, slot),
      state: slotWords(slots.taken[slot] === 1),
      tasks: taskWords(slots.owners[slot]!),
      names: slots.count[slot]!,
      frame: slots.frame[slot]! < 0 ? '' : String(slots.frame[slot]!),
      changed: slots.fresh[slot] === 1,
    });
  }
  return rows;
}

const slotWords = (taken: boolean): string => (taken ? 'taken' : 'free');
const taskWords = (owners: number): string =>
  ownersFromBits(owners)
    .map((pid) => `p${pid}`)
    .join(' ');

/** The same facts read back from a draw list: what a test compares the rows with. */
export function factsOfDrawList(list: DrawList): Map<string, string> {
  const facts = new Map<string, string>();
  for (const cell of list.items.filter(isCell)) {
    const { target, meaning } = cell;
    if (target.kind === 'frame' && target.frame < 0) continue;
    if (target.kind === 'page' && meaning.of === 'page') {
      const frame = meaning.frame < 0 ? '' : String(meaning.frame);
      facts.set(
        `p${target.pid}:${target.page}`,
        pageFact(pageWords(meaning.state, meaning.slot), frame, meaning.sharers, cell.fresh),
      );
    } else if (target.kind === 'frame' && meaning.of === 'frame') {
      const tasks = cell.owners.map((pid) => `p${pid}`).join(' ');
      facts.set(
        `f${target.frame}`,
        frameFact(useWords(meaning.use, meaning.swapCached), tasks, meaning.mapcount, cell.fresh),
      );
    } else if (target.kind === 'slot' && meaning.of === 'slot' && (meaning.taken || cell.fresh)) {
      const tasks = cell.owners.map((pid) => `p${pid}`).join(' ');
      const frame = meaning.frame < 0 ? '' : String(meaning.frame);
      facts.set(
        `s${target.slot}`,
        slotFact(cell.label, slotWords(meaning.taken), tasks, meaning.count, frame, cell.fresh),
      );
    }
  }
  return facts;
}

/** The same facts read from the rows. */
export function factsOfRows(
  pages: readonly PageRow[],
  frames: readonly FrameRow[],
  slots: readonly SlotRow[],
): Map<string, string> {
  const facts = new Map<string, string>();
  for (const row of pages) facts.set(row.key, pageFact(row.state, row.frame, row.sharers, row.changed));
  for (const row of frames) facts.set(row.key, frameFact(row.use, row.tasks, row.entries, row.changed));
  for (const { key, slot, state, tasks, names, frame, changed } of slots) {
    facts.set(key, slotFact(slot, state, tasks, names, frame, changed));
  }
  return facts;
}

const pageFact = (state: string, frame: string, sharers: number, changed: boolean): string =>
  `${state} | frame ${frame} | ${sharers} | ${changed ? 'changed' : ''}`;
const slotFact = (slot: string, state: string, tasks: string, names: number, frame: string, changed: boolean): string =>
  `slot ${slot} | ${state} | ${tasks} | ${names} | ${frame} | ${changed ? 'changed' : ''}`;
const frameFact = (use: string, tasks: string, entries: number, changed: boolean): string =>
  `${use} | ${tasks} | ${entries} | ${changed ? 'changed' : ''}`;
