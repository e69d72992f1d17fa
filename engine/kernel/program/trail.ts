import { EVENT } from '../../base/event-kinds.ts';
import type { Pid } from '../../base/units.ts';
import type { Image } from '../../c/index.ts';
import { isAlive } from '../../proc/task.ts';
import type { LineEvent, ProgramTrail } from '../../protocol/program-look.ts';
import type { KernelState } from '../state.ts';
import { changedRanges, copyMemory, type MemoryCopy } from './memory-changes.ts';
import { isProgram } from './process.ts';
import { sourceLines } from './source-lines.ts';
import { stackFrames } from './variables.ts';

/** Events that are told of the line that caused them. */
const TOLD: Readonly<Record<number, LineEvent>> = {
  [EVENT.SYSCALL]: 'syscall',
  [EVENT.FAULT]: 'fault',
  [EVENT.SWAP_IN]: 'swap',
  [EVENT.FRAME_COPY]: 'cow',
  [EVENT.COW_REUSE]: 'cow',
  [EVENT.SIGNAL]: 'signal',
  [EVENT.FINDING]: 'finding',
};

interface Seen {
  readonly pid: Pid;
  readonly image: Image;
  readonly lines: Int32Array;
  /** By instruction: 1 when it has run. */
  readonly ran: Uint8Array;
  readonly events: Map<number, Set<LineEvent>>;
  /** Line of the program's own code that it was at last; the library works for it. */
  line: number;
}

/**
 * Watches programs for the length of one step: which lines ran, which of them made something of memory happen, which
 * bytes changed. It is no part of the state and changes nothing; a step that runs again gives the same.
 */
export class TrailRecorder {
  private readonly seen: Seen[] = [];
  private current: Seen | null = null;
  private nextEvent: number;
  private readonly before: readonly MemoryCopy[];
  private readonly images = new Map<number, number>();
  private readonly depths = new Map<number, readonly number[]>();

  constructor(private readonly k: KernelState) {
    this.nextEvent = k.events.next;
    const tasks = runningPrograms(k);
    this.before = tasks.map((pid) => copyMemory(k, pid));
    for (const pid of tasks) {
      this.depths.set(pid, framesOf(k, pid));
      this.images.set(pid, k.programs.processes.image[pid]! - 1);
    }
    k.host = { ...k.host, watch: this.watch };
  }

  private readonly watch = (task: Pid, image: Image, pc: number): void => {
    const { current, k } = this;
    if (k.events.next !== this.nextEvent) this.tellEvents();
    const here =
      current !== null && current.pid === task && current.image === image ? current : this.rowOf(task, image);
    this.current = here;
    const line = here.lines[pc >> 3]!;
    if (line !== 0) here.line = line;
    here.ran[pc >> 3] = 1;
  };

  private rowOf(pid: Pid, image: Image): Seen {
    let row = this.seen.find((each) => each.pid === pid && each.image === image);
    if (row === undefined) {
      const lines = sourceLines(image);
      row = { pid, image, lines, ran: new Uint8Array(lines.length), events: new Map(), line: 0 };
      this.seen.push(row);
    }
    return row;
  }

  /** What has happened since is the doing of the instruction that was watched last. */
  private tellEvents(): void {
    const { current, k } = this;
    for (; this.nextEvent < k.events.next; this.nextEvent++) {
      const at = this.nextEvent - k.events.first;
      const told = at < 0 ? undefined : TOLD[k.events.kind[at]!];
      if (told === undefined || current === null || current.line === 0 || k.events.pid[at] !== current.pid) continue;
      // What was found says itself where: a leak is where it was allocated.
      const line = told === 'finding' ? k.events.b[at]! : current.line;
      const known = current.events.get(line) ?? new Set();
      current.events.set(line, known.add(told));
    }
  }

  /** Ends the watch. @returns what was seen, by task */
  finish(): ProgramTrail[] {
    const { k } = this;
    this.tellEvents();
    const { watch: _, ...host } = k.host;
    k.host = host;
    const tasks = new Set([...this.seen.map(({ pid }) => pid), ...this.before.map(({ pid }) => pid)]);
    return [...tasks].sort((a, b) => a - b).map((pid) => this.trailOf(pid));
  }

  private trailOf(pid: Pid): ProgramTrail {
    const { k } = this;
    const own = this.seen.filter((each) => each.pid === pid).at(-1);
    const before = this.before.find((each) => each.pid === pid);
    const still = isAlive(k, pid) && isProgram(k, pid);
    return {
      pid,
      image: own === undefined ? (this.images.get(pid) ?? -1) : k.images.findIndex(({ image }) => image === own.image),
      last: own?.line ?? 0,
      ended: !still,
      lines: own === undefined ? [] : linesRun(own),
      events:
        own === undefined ? [] : [...own.events].flatMap(([line, all]) => [...all].map((event) => ({ line, event }))),
      changed: still && before !== undefined ? changedRanges(k, before) : [],
      oldFrames: this.depths.get(pid) ?? [],
    };
  }
}

function linesRun({ lines, ran }: Seen): number[] {
  const found = new Set<number>();
  for (let i = 0; i < ran.length; i++) if (ran[i] === 1 && lines[i] !== 0) found.add(lines[i]!);
  return [...found].sort((a, b) => a - b);
}

/** Tasks that run a C program. */
export function runningPrograms(k: KernelState): Pid[] {
  const tasks: Pid[] = [];
  for (let task = 0; task < k.programs.processes.rows; task++) {
    if (isProgram(k, task) && isAlive(k, task)) tasks.push(task as Pid);
  }
  return tasks;
}

const framesOf = (k: KernelState, pid: Pid): number[] => stackFrames(k, pid).map(({ base }) => base);
