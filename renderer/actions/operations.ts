import type { Selection, TaskSnapshot, WindowSnapshot } from '../../engine/protocol/snapshot.ts';

/** A common operation as people say it, and the command of the console that does it. */
export interface Operation {
  readonly label: string;
  readonly command: string;
}

/** What of a process is pointed at: nothing in particular, or pages of one of its regions. */
export interface Target {
  readonly pid: number;
  /** `A 2 1`: region, page in it, pages; null for the process as such. */
  readonly range: string | null;
  readonly locked: boolean;
}

/** The page, area or process that a selection stands for; null when nobody of those alive has it. */
export function targetOf(selection: Selection | null, snapshot: WindowSnapshot): Target | null {
  if (selection === null || selection.kind === 'slot') return processTarget(snapshot.tasks[0]);
  if (selection.kind === 'frame') return frameTarget(selection.frame, snapshot);
  const task = snapshot.tasks.find(({ view }) => view.pid === selection.pid);
  if (task === undefined) return null;
  const page = selection.kind === 'page' ? selection.page : selection.start;
  const area = task.vmas.find(({ view }) => view.start <= page && page < view.end)?.view;
  if (area === undefined) return processTarget(task);
  const offset = area.regionOffset + (page - area.start);
  const pages = selection.kind === 'page' ? 1 : area.end - area.start;
  return { pid: selection.pid, range: `${area.region} ${offset} ${pages}`, locked: area.flags.includes('lo') };
}

const processTarget = (task: TaskSnapshot | undefined): Target | null =>
  task === undefined ? null : { pid: task.view.pid, range: null, locked: false };

/** The first page that lies in a frame. */
function frameTarget(frame: number, snapshot: WindowSnapshot): Target | null {
  for (const { view, vmas } of snapshot.tasks) {
    const page = vmas.flatMap(({ runs }) => runs).find((run) => run.pages === 1 && run.frame === frame)?.page;
    if (page !== undefined) return targetOf({ kind: 'page', pid: view.pid, page }, snapshot);
  }
  return processTarget(snapshot.tasks[0]);
}

/** Names that the machine would give: what is new, and pointers that are there. */
export interface Names {
  readonly child: string;
  readonly region: string;
  readonly pointer: string;
  readonly pointers: readonly string[];
}

/** What can be done with it, the commonest first. */
export function operationsOn(target: Target, names: Names, swap: boolean): Operation[] {
  const { range } = target;
  const p = `p${target.pid}`;
  const here: Operation[] =
    range === null
      ? []
      : [
          { label: 'Write here', command: `${p} touch_w ${range}` },
          { label: 'Read here', command: `${p} touch_r ${range}` },
          target.locked
            ? { label: 'Unlock', command: `${p} munlock ${range}` }
            : { label: 'Lock in memory', command: `${p} mlock ${range}` },
          { label: 'Allow loads only', command: `${p} mprotect ${range} r` },
          { label: 'Drop what is in it', command: `${p} madvise ${range} dontneed` },
          ...(swap ? [{ label: 'Send to swap', command: `${p} madvise ${range} pageout` }] : []),
          { label: 'Unmap', command: `${p} munmap ${range}` },
        ];
  return [
    ...here,
    { label: 'Fork this process', command: `${p} fork ${names.child}` },
    { label: 'Map four pages', command: `${p} mmap ${names.region} 4 rw` },
    { label: 'Allocate 100 bytes', command: `${p} malloc ${names.pointer} 100` },
    ...names.pointers.map((pointer) => ({ label: `Free ${pointer}`, command: `${p} free ${pointer}` })),
    { label: 'Kill this process', command: `${p} kill SIGKILL` },
  ];
}
