import { EVENT, EVENTS, type EventKind } from '../../base/event-kinds.ts';
import { FP, type Cpu, type Image, type StopPoint } from '../../c/index.ts';
import type { RunUntil, StepUnit } from '../../protocol/commands.ts';
import type { KernelState } from '../state.ts';

/** When a program that is watched stops: asked before each of its instructions. */
export type StopRule = (cpu: Cpu, image: Image) => boolean;

/** The kinds of events that a program can be run to. */
const KINDS: Readonly<Record<Extract<RunUntil, { kind: 'event' }>['event'], ReadonlySet<EventKind>>> = {
  fault: new Set([EVENT.FAULT]),
  cow: new Set([EVENT.FRAME_COPY, EVENT.COW_REUSE]),
  syscall: new Set([EVENT.SYSCALL]),
  signal: new Set([EVENT.SIGNAL, EVENT.SIGNAL_SENT]),
  swap: new Set(EVENTS.flatMap((meaning, kind) => (meaning?.lane === 'swap' ? [kind as EventKind] : []))),
};

/** Where statements of a line begin. */
export const lineStarts = (image: Image, line: number): StopPoint[] =>
  image.stops.filter((stop) => stop.place.line === line && isSource(stop));

/** The library's own C has no source to show. */
const isSource = ({ place }: StopPoint): boolean => !place.file.startsWith('<');

const byOffset = new WeakMap<Image, ReadonlyMap<number, StopPoint>>();
/** The statement that begins at a place of the text, or null. */
export function stopAt(image: Image, pc: number): StopPoint | null {
  let known = byOffset.get(image);
  if (known === undefined) {
    known = new Map(image.stops.filter(isSource).map((stop) => [stop.offset, stop]));
    byOffset.set(image, known);
  }
  return known.get(pc) ?? null;
}

/**
 * The rule for `run … to line N`, `run … until EVENT`. A place the program stands at already does not count.
 * @returns null when nothing can ever match
 */
export function runRule(k: KernelState, image: Image, until: RunUntil): StopRule | null {
  if (until.kind === 'event') return eventRule(k, KINDS[until.event]);
  const offset = until.kind === 'line' ? lineOffset(image, until.line) : functionOffset(image, until.name);
  if (offset === null) return null;
  let first = true;
  return (cpu) => {
    const here = cpu.standsAt === offset && !first;
    first = false;
    return here;
  };
}

/** The first statement of the line, or of the next line that has one. */
function lineOffset(image: Image, line: number): number | null {
  const behind = image.stops.filter((stop) => isSource(stop) && stop.place.line >= line);
  if (behind.length === 0) return null;
  const nearest = Math.min(...behind.map((stop) => stop.place.line));
  return Math.min(...behind.filter((stop) => stop.place.line === nearest).map((stop) => stop.offset));
}

function functionOffset(image: Image, name: string): number | null {
  const symbol = image.symbols.get(name);
  if (symbol === undefined || symbol.type.kind !== 'function') return null;
  const start = symbol.address - image.textStart;
  const inside = image.stops.filter((stop) => stop.offset >= start && stop.offset < start + symbol.size);
  return inside.length === 0 ? null : Math.min(...inside.map((stop) => stop.offset));
}

function eventRule(k: KernelState, kinds: ReadonlySet<EventKind>): StopRule {
  let seen = k.events.next;
  return () => {
    for (; seen < k.events.next; seen++) {
      if (!kinds.has(k.events.kind[seen - k.events.first]! as EventKind)) continue;
      seen = k.events.next;
      return true;
    }
    return false;
  };
}

/**
 * The rule for one step. A line is done when a statement of another line begins, or one of a function that was returned
 * to; calls are passed over unless `into` is asked for.
 */
export function stepRule(cpu: Cpu, image: Image, unit: StepUnit, into: boolean, from: number): StopRule {
  const frame = cpu.number(FP);
  const start = currentStop(image, from);
  let first = true;
  return () => {
    if (first) {
      first = false;
      return false;
    }
    if (unit === 'instruction') return true;
    const here = stopAt(image, cpu.standsAt);
    if (here === null) return false;
    const now = cpu.number(FP);
    // The stack grows down: a smaller frame pointer is a function that was called from here.
    if (!into && now < frame) return false;
    return unit === 'statement' || now !== frame || start === null || here.place.line !== start.place.line;
  };
}

/** The rule for `step out`: the first statement behind the call of the function it is in. */
export function outRule(cpu: Cpu, image: Image): StopRule {
  const frame = cpu.number(FP);
  return () => cpu.number(FP) > frame && stopAt(image, cpu.standsAt) !== null;
}

/** The statement that an instruction belongs to. */
export function currentStop(image: Image, pc: number): StopPoint | null {
  let found: StopPoint | null = null;
  for (const stop of image.stops) {
    if (stop.offset > pc) break;
    found = stop;
  }
  return found !== null && isSource(found) ? found : null;
}
