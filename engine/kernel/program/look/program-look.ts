import type { Pid } from '../../../base/units.ts';
import { isVla, type CType, type Image, type Symbol as ProgramSymbol } from '../../../c/index.ts';
import { signalName } from '../../../base/signals.ts';
import { isAlive } from '../../../proc/task.ts';
import type { BytesLook, FindingLook, FrameLook, ProgramLook, ProgramQuestion, ProgramTrail, VariableLook } from '../../../protocol/program-look.ts'; // prettier-ignore
import { PeekMemory } from '../../heap/peek-memory.ts';
import type { KernelState } from '../../state.ts';
import { isProgram, Process } from '../process.ts';
import { currentStop } from '../stops.ts';
import { lineOf, outputOf, stackFrames, type StackFrame } from '../variables.ts';
import { findingsOf } from '../shadow/finding-view.ts';
import { FINDING_WORDS } from '../shadow/kinds.ts';
import { bytesLook } from './bytes-look.ts';
import { namedLocals, type Looking } from './reader.ts';
import { partsOf, variableLook, type Part } from './variable-look.ts';

/** Functions under way that are listed, from the innermost out. */
const LISTED_FRAMES = 24;
/** Variables of the whole program that are listed. */
const LISTED_GLOBALS = 100;
/** Characters of output that are shown: the last ones. */
const SHOWN_OUTPUT = 4_000;

/**
 * A task's C program at this moment: stack, variables, output. Touches nothing.
 * @param trail what the step just done did to it
 * @param ran lines that have run so far
 * @returns null for a task that runs none
 */
export function lookAtProgram(
  k: KernelState,
  { pid, open, bytes }: ProgramQuestion,
  trail: ProgramTrail | null,
  ran: readonly number[],
): ProgramLook | null {
  const task = pid as Pid;
  if (!isProgram(k, task) || !isAlive(k, task)) return null;
  const { image } = new Process(k, task);
  const name = k.images[k.programs.processes.image[task]! - 1]!.name;
  const frames = stackFrames(k, task).filter(({ name }) => !name.startsWith('__'));
  const looking: Looking = {
    k,
    pid: task,
    image,
    memory: new PeekMemory(k, task),
    frames,
    globals: globalsOf(image),
    changed: trail?.changed ?? [],
    open: new Set(open),
  };
  return {
    pid,
    name,
    line: lineOf(k, task) ?? -1,
    ending: null,
    waiting: new Process(k, task).waiting !== 'nothing',
    ran,
    events: trail?.events ?? [],
    findings: findingLooks(k, pid),
    frames: frames.slice(0, LISTED_FRAMES).map((frame, depth) => frameLook(looking, frame, depth, trail)),
    moreFrames: Math.max(0, frames.length - LISTED_FRAMES),
    globals: looking.globals.slice(0, LISTED_GLOBALS).map((symbol) => variableLook(looking, globalPart(symbol))),
    bytes: bytes === null ? null : bytesOf(looking, bytes),
    output: outputOf(k, task).slice(-SHOWN_OUTPUT),
    others: othersOf(k, task, image),
  };
}

/** The program of a task that has ended in the step just done, or before it. */
export function lookBack(k: KernelState, trail: ProgramTrail, ran: readonly number[]): ProgramLook {
  const pid = trail.pid as Pid;
  const signal = k.tasks.exitSignal[pid]!;
  return {
    pid,
    name: k.images[trail.image]!.name,
    // One that was killed stands where it was killed.
    line: signal === 0 || trail.last === 0 ? -1 : trail.last,
    ending: signal === 0 ? `ended with status ${k.tasks.exitStatus[pid]!}` : `killed by ${signalName(signal)}`,
    waiting: false,
    ran,
    events: trail.events,
    findings: findingLooks(k, pid),
    frames: [],
    moreFrames: 0,
    globals: [],
    bytes: null,
    output: outputOf(k, pid).slice(-SHOWN_OUTPUT),
    others: [],
  };
}

const findingLooks = (k: KernelState, pid: number): FindingLook[] =>
  findingsOf(k)
    .filter(({ task }) => task === pid)
    .map(({ line, kind, what, why, assumes }) => ({
      line,
      mark: FINDING_WORDS[kind],
      text: `${what} ${why}`.trim(),
      assumes,
    }));

function othersOf(k: KernelState, pid: Pid, image: Image): ProgramLook['others'] {
  const others: { pid: number; line: number }[] = [];
  for (let task = 0; task < k.programs.processes.rows; task++) {
    if (task === pid || !isProgram(k, task) || !isAlive(k, task as Pid)) continue;
    if (new Process(k, task as Pid).image !== image) continue;
    const line = lineOf(k, task as Pid);
    if (line !== null) others.push({ pid: task, line });
  }
  return others;
}

/** Variables that the program's own text declares for all of it, by address. */
const globalsOf = (image: Image): ProgramSymbol[] =>
  [...image.symbols.values()]
    .filter(({ name, type, own }) => own && type.kind !== 'function' && /^[A-Za-z_]\w*(\.\d+)?$/.test(name))
    .sort((a, b) => a.address - b.address);

/** Variables of a function that are static have a number behind their name, to tell them apart. */
const globalPart = ({ name, type, address }: ProgramSymbol): Part => {
  return { key: `:${name}`, name: name.replace(/\.\d+$/, ''), type, address, bits: null };
};

function frameLook(looking: Looking, frame: StackFrame, depth: number, trail: ProgramTrail | null): FrameLook {
  const { name, line, base } = frame;
  return {
    name,
    line,
    base,
    fresh: trail !== null && !trail.oldFrames.includes(base),
    variables: variablesOf(looking, frame, depth),
  };
}

function variablesOf(looking: Looking, frame: StackFrame, depth: number): VariableLook[] {
  return localsOf(looking, frame, depth).map(({ part, unset }) => variableLook(looking, part, unset));
}

/** Those of the frame's blocks that have not ended, as they are declared. */
function localsOf(looking: Looking, frame: StackFrame, depth: number): { part: Part; unset: boolean }[] {
  const { symbol, name, base } = frame;
  const here = currentStop(looking.image, frame.pc)?.place ?? null;
  const found = new Map<string, { part: Part; unset: boolean }>();
  // Counted from the outermost function, so that a variable keeps its key when another function is called.
  const level = looking.frames.length - depth;
  for (const local of namedLocals(symbol)) {
    const ended = here !== null && local.until !== null && !isBefore(here, local.until);
    if (ended) continue;
    const unset = here !== null && !local.isParam && !isDeclared(looking.image, local.place, here);
    // Of two of one name the inner one hides the other, once it is declared.
    if (unset && found.get(local.name)?.unset === false) continue;
    found.set(local.name, { part: partOf(looking, `${name}@${level}`, local, base), unset });
  }
  return [...found.values()];
}

/** Is the statement that a function is at behind a declaration? The declaration's own statement may begin in its middle. */
function isDeclared(image: Image, declared: TextPlace, here: TextPlace): boolean {
  if (!isBefore(declared, here)) return false;
  if (declared.line !== here.line) return true;
  return image.stops.some(
    ({ place }) => place.line === here.line && isBefore(declared, place) && isBefore(place, here),
  );
}

type TextPlace = { readonly line: number; readonly col: number };
const isBefore = (a: TextPlace, b: TextPlace): boolean => a.line < b.line || (a.line === b.line && a.col < b.col);

function partOf(
  { memory }: Looking,
  scope: string,
  local: { readonly name: string; readonly type: CType; readonly offset: number },
  base: number,
): Part {
  const { name, type, offset } = local;
  const key = `${scope}:${name}`;
  const where = base + offset;
  if (!isVla(type)) return { key, name, type, address: where, bits: null };
  const size = type.vlaBytes?.kind === 'var' && type.vlaBytes.variable.kind === 'local' ? type.vlaBytes.variable : null;
  const bytes = size === null ? 0 : memory.load64(base + size.offset);
  return { key, name, type, address: memory.load64(where), bits: null, bytes };
}

/** The part that a key names, wherever it is. */
function bytesOf(looking: Looking, key: string): BytesLook | null {
  const roots = [
    ...looking.frames.slice(0, LISTED_FRAMES).flatMap((frame, depth) => localsOf(looking, frame, depth)),
    ...looking.globals.map((symbol) => ({ part: globalPart(symbol), unset: false })),
  ];
  for (const { part, unset } of roots) {
    if (unset) continue;
    const found = findPart(looking, part, key);
    if (found !== null) return bytesLook(looking, found);
  }
  return null;
}

function findPart(looking: Looking, part: Part, key: string): Part | null {
  if (part.key === key) return part;
  // A part's key holds its whole's.
  if (!key.includes(part.key)) return null;
  for (const child of partsOf(looking, part) ?? []) {
    const found = findPart(looking, child, key);
    if (found !== null) return found;
  }
  return null;
}
