import {
  fileNames,
  peekFrame,
  peekMachine,
  peekPage,
  peekSlot,
  peekTask,
  peekVmas,
  regionNames,
  type KernelState,
} from '../../kernel/index.ts';
import type { SlotId } from '../../base/units.ts';
import { pointersOf } from '../../kernel/heap/index.ts';
import type { PageView } from '../../protocol/views.ts';
import { visit } from '../expression/ast.ts';
import { evaluate, formatValue } from '../expression/evaluate.ts';
import { compileExpression, type Expression } from '../expression/expression.ts';
import { readingOf } from '../reading.ts';
import { resolveTarget } from '../resolve-target.ts';
import { parseTarget, type Target } from '../scenario/target.ts';
import type { Parsed } from '../text/problem.ts';

/** Something to be looked at after each step: a place, or a value of the machine. */
export type Watch =
  { readonly kind: 'place'; readonly target: Target } | { readonly kind: 'value'; readonly expression: Expression };

/** What is seen of it at one moment. */
export interface Sight {
  /** `p1`, or empty where there is one alone. */
  readonly who: string;
  readonly pid: number;
  /** Empty while it is not there. */
  readonly value: string;
  readonly owners: readonly number[];
}

const REMEDY = 'write p0:A+2 (a page), p0:A (an area), frame 14, slot 3, or an expression such as p0.rss or free < 8';

/** Reads `p0:A+2`, `frame 14`, `slot 3`, or an expression of what scenarios may claim, without what a step gave. */
export function compileWatch(text: string, k: KernelState): Parsed<Watch> {
  const target = parseTarget(text);
  if (target !== null && target.kind !== 'task') return { ok: true, value: { kind: 'place', target } };
  const tasks = Array.from({ length: Math.max(k.tasks.rows, 16) }, (_, pid) => pid);
  const pointers = peekMachine(k).tasks.flatMap((pid) => pointersOf(k, pid).map(({ name }) => name));
  const context = {
    parameters: new Set<string>(),
    tasks: new Set(tasks),
    regions: new Set([...regionNames(k), ...fileNames(k)]),
    pointers: new Set(pointers),
  };
  const compiled = compileExpression(text, context, null);
  if (!compiled.ok) {
    const [first] = compiled.problems;
    return {
      ok: false,
      problems: [{ start: 0, end: text.length, message: first?.message ?? 'this cannot be watched', remedy: REMEDY }],
    };
  }
  const { node, before } = compiled.value;
  let ofStep = before.length > 0;
  visit(node, ({ kind }) => {
    if (kind === 'step' || kind === 'stepTask') ofStep = true;
  });
  if (!ofStep) return { ok: true, value: { kind: 'value', expression: compiled.value } };
  const message = 'this is about a step, not about the machine behind it';
  return { ok: false, problems: [{ start: 0, end: text.length, message, remedy: REMEDY }] };
}

/** What is seen of something watched now, by looking alone. */
export function sightsOf(k: KernelState, watch: Watch): readonly Sight[] {
  if (watch.kind === 'value') return [alone(valueNow(k, watch.expression))];
  const resolved = resolveTarget(k, watch.target);
  const selection = resolved.ok ? resolved.selection : null;
  // A page that nobody has is seen by nobody; everything else is one thing that is not there.
  if (selection === null) return watch.target.kind === 'page' ? [] : [alone('')];
  switch (selection.kind) {
    case 'frame':
      return [frameSight(k, selection.frame)];
    case 'slot':
      return [slotSight(k, selection.slot)];
    case 'vma':
      return [areaSight(k, selection.pid, selection.start)];
    case 'page':
      return peekMachine(k)
        .tasks.filter((pid) => mapsPage(k, pid, selection.page))
        .map((pid) => pageSight(k, pid, selection.page));
  }
}

const alone = (value: string, owners: readonly number[] = []): Sight => ({ who: '', pid: -1, value, owners });

function valueNow(k: KernelState, { node }: Expression): string {
  const now = readingOf(k);
  const facts = {
    ret: 'ok',
    errno: 'none',
    copies: 0,
    syscalls: 0,
    library_ns: 0,
    system_ns: 0,
    fault_ns: 0,
    blamed_ago: 0,
    byTask: new Map(),
  };
  const value = evaluate(node, { parameters: new Map(), facts, now, before: now });
  return value.kind === 'error' ? '' : formatValue(value);
}

const mapsPage = (k: KernelState, pid: number, page: number): boolean =>
  peekTask(k, pid) !== null && peekVmas(k, pid).some(({ start, end }) => page >= start && page < end);

const PAGE_WORDS: Readonly<Record<PageView['state'], string>> = {
  unmapped: '',
  reserved: 'untouched',
  zero: 'zero page',
  resident: 'frame',
  readOnly: 'frame',
  noAccess: 'no access',
  guard: 'guard',
  swapped: 'swap',
  device: 'device',
};

/** What a process sees at a virtual page: `frame 14`, with everyone who has the same one. */
function pageSight(k: KernelState, pid: number, page: number): Sight {
  const view = peekPage(k, pid, page);
  const who = `p${pid}`;
  if (view.frame >= 0) {
    const owners = ownersOf(k, view.frame);
    return { who, pid, value: `frame ${view.frame}${view.writable ? '' : ' ro'}`, owners };
  }
  if (view.slot !== null) return { who, pid, value: `slot ${view.slot.offset}`, owners: [pid] };
  return { who, pid, value: PAGE_WORDS[view.state], owners: [] };
}

const ownersOf = (k: KernelState, frame: number): number[] => [
  ...new Set(peekFrame(k, frame).sharers.map(({ pid }) => pid)),
];

function frameSight(k: KernelState, frame: number): Sight {
  const { use } = peekFrame(k, frame);
  const owners = ownersOf(k, frame);
  return alone(owners.length === 0 ? use : `${use}: ${owners.map((pid) => `p${pid}`).join(' ')}`, owners);
}

function slotSight(k: KernelState, place: number): Sight {
  const slot = slotOfPlace(k, place);
  const { state, view } = peekSlot(k, slot, 0);
  const owners = [...new Set(view.sharers.map(({ pid }) => pid))];
  return alone(owners.length === 0 ? state : `${state}: ${owners.map((pid) => `p${pid}`).join(' ')}`, owners);
}

/** Slots are counted over all devices, each of which begins with a header. */
function slotOfPlace(k: KernelState, place: number): SlotId {
  let rest = place;
  for (let device = 0; device < k.swapDevices.rows; device++) {
    const pages = k.swapDevices.pages[device]!;
    if (rest < pages) return (k.swapDevices.firstSlot[device]! + 1 + rest) as SlotId;
    rest -= pages;
  }
  return -1 as SlotId;
}

function areaSight(k: KernelState, pid: number, start: number): Sight {
  const area = peekVmas(k, pid).find((vma) => vma.start === start);
  if (area === undefined) return alone('');
  return alone(`${area.end - area.start} pages ${area.perms}`, [pid]);
}
