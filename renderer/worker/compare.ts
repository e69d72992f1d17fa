import { PAGE_SIZE } from '../../engine/base/units.ts';
import { pageLabel, type KernelState } from '../../engine/kernel/index.ts';
import type { Against, CompareLook, Difference, DifferenceGroup } from '../../engine/protocol/compare.ts';
import { frameUseOf, type Lit, type TaskSnapshot, type WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import type { MachineView, TaskView } from '../../engine/protocol/views.ts';

/** Differences of one group that are listed. */
const LISTED = 40;
/** Pages of an area that are compared one by one. */
const COMPARED_PAGES = 4096;

/** A moment of a run with all that two moments can differ in: what the window shows, and every frame's bytes. */
export interface Moment {
  readonly snapshot: WindowSnapshot;
  /** By frame: a number for contents that are (almost) all zeros, see frame-bytes.ts; else the bytes. */
  readonly contents: readonly (number | Uint8Array)[];
  /** Names of pages: `A+2`. */
  readonly label: (pid: number, page: number) => string;
}

export function momentOf(k: KernelState, snapshot: WindowSnapshot): Moment {
  const { content } = k.frames;
  const contents = Array.from({ length: snapshot.frames.total }, (_, frame) => {
    const row = content[frame]!;
    // A page table's content is the number of its table, not a row of bytes.
    if (row < 0 || frameUseOf(snapshot.frames.use[frame]!) === 'table') return row;
    return k.contents.bytes.slice(row * PAGE_SIZE, (row + 1) * PAGE_SIZE);
  });
  const labels = new Map<string, string>();
  for (const { view, vmas } of snapshot.tasks) {
    for (const { runs } of vmas) {
      for (const { page } of runs) labels.set(`${view.pid}:${page}`, pageLabel(k, page, view.pid));
    }
  }
  return {
    snapshot,
    contents,
    label: (pid, page) => labels.get(`${pid}:${page}`) ?? `0x${(page * PAGE_SIZE).toString(16)}`,
  };
}

/** What differs between two moments, of one run or of two. */
export function compareMoments(against: Against, was: Moment, now: Moment): CompareLook {
  const pages = pageDifferences(was, now);
  const frames = frameDifferences(was, now);
  const slots = slotDifferences(was.snapshot, now.snapshot);
  const groups = [
    group('Machine', fieldDifferences('', MACHINE, was.snapshot.machine, now.snapshot.machine)),
    group('Processes', taskDifferences(was.snapshot, now.snapshot)),
    group('Areas', areaDifferences(was.snapshot, now.snapshot)),
    group('Pages', pages),
    group('Frames', frames),
    group('Swap', slots),
  ].filter(({ differences }) => differences.length > 0);
  return {
    against,
    was: was.snapshot.position,
    now: now.snapshot.position,
    groups,
    lit: litOf([...pages, ...frames, ...slots]),
    snapshot: was.snapshot,
    litThere: litOf([
      ...pageDifferences(now, was),
      ...frameDifferences(now, was),
      ...slotDifferences(now.snapshot, was.snapshot),
    ]),
  };
}

const group = (title: string, all: readonly Difference[]): DifferenceGroup => ({
  title,
  differences: all.slice(0, LISTED),
  more: Math.max(0, all.length - LISTED),
});

function litOf(differences: readonly Difference[]): Lit {
  const pages: { pid: number; page: number; label: string }[] = [];
  const frames: number[] = [];
  const slots: number[] = [];
  for (const { selection, what } of differences) {
    if (selection?.kind === 'page') pages.push({ pid: selection.pid, page: selection.page, label: what });
    if (selection?.kind === 'frame') frames.push(selection.frame);
    if (selection?.kind === 'slot') slots.push(selection.slot);
  }
  return { pages, frames, slots };
}

type Fields<View> = readonly (readonly [name: string, of: (view: View) => number | string])[];

const MACHINE: Fields<MachineView> = [
  ['free frames', ({ frames }) => frames.free],
  ['page table frames', ({ frames }) => frames.tables],
  ['page cache', ({ frames }) => frames.file],
  ['committed pages', ({ committed }) => committed],
  ['swap slots in use', ({ swap }) => swap.used],
  ['copies on write', ({ copies }) => copies],
  ['processes killed', ({ oomKills }) => oomKills],
];

const TASK: Fields<TaskView> = [
  ['state', ({ state }) => state],
  ['rss', ({ rss }) => rss],
  ['pss', ({ pss }) => Math.round(pss * 100) / 100],
  ['virtual size', ({ vsz }) => vsz],
  ['swap', ({ swap }) => swap],
  ['locked', ({ locked }) => locked],
  ['minor faults', ({ minflt }) => minflt],
  ['major faults', ({ majflt }) => majflt],
];

function fieldDifferences<View>(prefix: string, fields: Fields<View>, was: View, now: View): Difference[] {
  return fields.flatMap(([name, of]) =>
    of(was) === of(now)
      ? []
      : [{ what: `${prefix}${name}`, was: String(of(was)), now: String(of(now)), selection: null }],
  );
}

const byPid = ({ tasks }: WindowSnapshot): Map<number, TaskSnapshot> =>
  new Map(tasks.map((task) => [task.view.pid, task]));

/** Keys of both, ascending. */
const keysOf = <T>(a: ReadonlyMap<number, T>, b: ReadonlyMap<number, T>): number[] =>
  [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y);

function taskDifferences(was: WindowSnapshot, now: WindowSnapshot): Difference[] {
  const [before, after] = [byPid(was), byPid(now)];
  return keysOf(before, after).flatMap((pid): Difference[] => {
    const [a, b] = [before.get(pid), after.get(pid)];
    if (a !== undefined && b !== undefined) return fieldDifferences(`p${pid} `, TASK, a.view, b.view);
    return [{ what: `p${pid}`, was: a?.view.state ?? '', now: b?.view.state ?? '', selection: null }];
  });
}

function areaDifferences(was: WindowSnapshot, now: WindowSnapshot): Difference[] {
  const areas = ({ tasks }: WindowSnapshot) =>
    new Map(
      tasks.flatMap(({ view: { pid }, vmas }) =>
        vmas.map(({ view }) => [
          `p${pid} ${view.region}${view.regionOffset > 0 ? `+${view.regionOffset}` : ''}`,
          { text: `${view.end - view.start} pages ${view.perms}`, pid, start: view.start },
        ]),
      ),
    );
  const [before, after] = [areas(was), areas(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((what): Difference[] => {
    const [a, b] = [before.get(what), after.get(what)];
    if (a?.text === b?.text) return [];
    const selection = b === undefined ? null : ({ kind: 'vma', pid: b.pid, start: b.start } as const);
    return [{ what, was: a?.text ?? '', now: b?.text ?? '', selection }];
  });
}

interface PageSight {
  readonly text: string;
  readonly content: number | Uint8Array | null;
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  reserved: 'untouched',
  zero: 'zero page',
  noAccess: 'no access',
};

/** Every page of a task's areas; long runs of like pages as far as they are compared. */
function pagesOf({ snapshot, contents }: Moment, task: TaskSnapshot | undefined): Map<number, PageSight> {
  const pages = new Map<number, PageSight>();
  for (const { runs } of task?.vmas ?? []) {
    for (const run of runs) {
      const text =
        run.frame >= 0 ? `frame ${run.frame}${run.state === 'readOnly' ? ' ro' : ''}`
        : run.slot >= 0 ? `slot ${run.slot}`
        : (STATE_WORDS[run.state] ?? run.state); // prettier-ignore
      const content = run.frame >= 0 && run.frame < snapshot.frames.total ? contents[run.frame]! : null;
      for (let i = 0; i < Math.min(run.pages, COMPARED_PAGES); i++) pages.set(run.page + i, { text, content });
    }
  }
  return pages;
}

function pageDifferences(was: Moment, now: Moment): Difference[] {
  const [before, after] = [byPid(was.snapshot), byPid(now.snapshot)];
  return keysOf(before, after).flatMap((pid) => {
    const [a, b] = [pagesOf(was, before.get(pid)), pagesOf(now, after.get(pid))];
    return keysOf(a, b).flatMap((page): Difference[] => {
      const [x, y] = [a.get(page), b.get(page)];
      // An area that came or went is one difference, not one for each page that was never touched.
      if ((x === undefined || y === undefined) && (x ?? y)!.text === 'untouched') return [];
      const bytes = x !== undefined && y !== undefined && !sameBytes(x.content, y.content);
      if (x?.text === y?.text && !bytes) return [];
      const selection = y === undefined ? null : ({ kind: 'page', pid, page } as const);
      const label = (y === undefined ? was : now).label(pid, page);
      return [
        {
          what: `p${pid} ${label}`,
          was: x?.text ?? '',
          now: `${y?.text ?? ''}${bytes ? ', other bytes' : ''}`,
          selection,
        },
      ];
    });
  });
}

function sameBytes(a: number | Uint8Array | null, b: number | Uint8Array | null): boolean {
  if (a === null || b === null || a === b) return true;
  if (typeof a === 'number' && typeof b === 'number') return false;
  const byte = (content: number | Uint8Array, at: number): number =>
    typeof content !== 'number' ? content[at]! : at === 0 ? -1 - content : 0;
  for (let at = 0; at < PAGE_SIZE; at++) if (byte(a, at) !== byte(b, at)) return false;
  return true;
}

function frameDifferences(was: Moment, now: Moment): Difference[] {
  const differences: Difference[] = [];
  const total = Math.max(was.snapshot.frames.total, now.snapshot.frames.total);
  for (let frame = 0; frame < total; frame++) {
    const [a, b] = [frameText(was, frame), frameText(now, frame)];
    const bytes =
      a === b && a !== 'free' && a !== 'table' && !sameBytes(was.contents[frame] ?? null, now.contents[frame] ?? null);
    if (a === b && !bytes) continue;
    const selection = frame < now.snapshot.frames.total ? ({ kind: 'frame', frame } as const) : null;
    differences.push({ what: `frame ${frame}`, was: a, now: bytes ? `${b}, other bytes` : b, selection });
  }
  return differences;
}

function frameText({ snapshot: { frames } }: Moment, frame: number): string {
  if (frame >= frames.total) return '';
  const use = frameUseOf(frames.use[frame]!);
  const owners = frames.owners[frame]!;
  if (use === 'table' || owners === 0) return use;
  const names = Array.from({ length: 32 }, (_, pid) => pid).filter((pid) => (owners & (1 << pid)) !== 0);
  return `${use} ${names.map((pid) => `p${pid}`).join(' ')}`;
}

function slotDifferences(was: WindowSnapshot, now: WindowSnapshot): Difference[] {
  const differences: Difference[] = [];
  const text = ({ slots }: WindowSnapshot, slot: number): string =>
    slot >= slots.total ? '' : slots.taken[slot] === 0 ? 'free' : `taken, named by ${slots.count[slot]!}`;
  for (let slot = 0; slot < Math.max(was.slots.total, now.slots.total); slot++) {
    const [a, b] = [text(was, slot), text(now, slot)];
    if (a === b) continue;
    const selection = slot < now.slots.total ? ({ kind: 'slot', slot } as const) : null;
    differences.push({ what: `slot ${slot + 1}`, was: a, now: b, selection });
  }
  return differences;
}
