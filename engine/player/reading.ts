import { PAGE_SIZE } from '../base/units.ts';
import {
  peekBytes,
  peekMachine,
  peekPage,
  peekTask,
  peekTlb,
  peekWalk,
  regionPage,
  type KernelState,
} from '../kernel/index.ts';
import type { Quantity, WalkStep } from '../protocol/commands.ts';
import { breakBytes, heapReport, reachOfBlocks } from '../kernel/heap/index.ts';
import type { MachineView, TaskView } from '../protocol/views.ts';
import { formatQuantity } from './commands/quantity.ts';
import type { Probe } from './expression/ast.ts';
import { nothing, number, truth, word, type Reading, type Value } from './expression/evaluate.ts';
import { HEAP_FIELDS, MACHINE_FIELDS, TASK_FIELDS, type HeapReading, type TaskField } from './expression/names.ts';
import { findingValue, lineValue, secretCount, variableValue } from './variable-reading.ts';
import { pointerAddress, pointerValue } from './pointer-reading.ts';
import { add, rational, whole } from './expression/rational.ts';

/** Reads the simulated state for expressions; never touches it. Good for one moment: views are kept. */
export function readingOf(k: KernelState): Reading {
  let machine: MachineView | null = null;
  const tasks = new Map<number, TaskView | null>();
  const task = (pid: number): TaskView | null => {
    if (!tasks.has(pid)) tasks.set(pid, peekTask(k, pid));
    return tasks.get(pid)!;
  };
  const heaps = new Map<number, HeapReading>();
  const heap = (pid: number): HeapReading => {
    const known = heaps.get(pid) ?? { report: heapReport(k, pid), reach: () => reachOfBlocks(k, pid) };
    heaps.set(pid, known);
    return known;
  };
  return {
    read(probe) {
      if (probe.kind === 'machine') return number(MACHINE_FIELDS[probe.field]((machine ??= peekMachine(k))));
      if (probe.kind === 'secret') return secretCount(k, probe.of);
      if (probe.kind === 'finding') return findingValue(k, probe.task, probe.field);
      const view = task(probe.task);
      if (probe.kind === 'alive') return truth(view !== null);
      if (view === null) return nothing(`p${probe.task} does not exist`);
      switch (probe.kind) {
        case 'task':
          return taskValue(view, probe.field);
        case 'break':
          return { kind: 'number', value: rational(BigInt(breakBytes(k, probe.task)), BigInt(PAGE_SIZE)) };
        case 'heap':
          return number(HEAP_FIELDS[probe.field](heap(probe.task)));
        case 'variable':
          return variableValue(k, probe);
        case 'line':
          return lineValue(k, probe.task);
        case 'pointer':
          return pointerValue(k, probe);
        case 'page':
          return pageValue(k, probe);
      }
    },
  };
}

function taskValue(view: TaskView, field: TaskField): Value {
  if (field !== 'pss') return number(TASK_FIELDS[field](view));
  const sum = view.sharing.reduce(
    (s, { sharers, pages }) => add(s, rational(BigInt(pages), BigInt(sharers))),
    whole(0),
  );
  return { kind: 'number', value: sum };
}

function pageValue(k: KernelState, probe: Probe & { kind: 'page' }): Value {
  const address = pointerAddress(k, probe) ?? addressOf(k, probe.name, probe.offset, probe.task);
  if (address === null) return nothing(`${probe.name} is not mapped yet`);
  const page = peekPage(k, probe.task, Math.floor(address / PAGE_SIZE));
  switch (probe.field) {
    case 'refcount':
      return number(page.sharers);
    case 'state':
      return word(page.state);
    case 'byte': {
      const [byte] = peekBytes(k, probe.task, address, 1);
      return byte == null
        ? nothing(`p${probe.task}:${probe.name}+${formatQuantity(probe.offset)} is not resident`)
        : number(byte);
    }
    case 'accessed':
    case 'dirty':
    case 'huge':
      return truth(page[probe.field]);
    case 'tlb':
      return word(peekTlb(k, probe.task, page.page));
    case 'frame':
      // all pages that map the zero page share its one frame
      return word(page.state === 'zero' ? 'zero' : page.frame < 0 ? 'none' : String(page.frame));
    default:
      return walkValue(peekWalk(k, probe.task, page.page), probe.field);
  }
}

/** How many entries a walk reads, or one of them: `index3`, `entry1`. */
function walkValue(walk: readonly WalkStep[], field: string): Value {
  if (field === 'walk_levels') return number(walk.length);
  const level = Number(field.at(-1));
  const step = walk.find((each) => each.level === level);
  if (step === undefined) return nothing(`the walk ends above level ${level}`);
  if (field.startsWith('index')) return number(step.index);
  return { kind: 'number', value: rational(BigInt(`0x${step.entry}`), 1n) };
}

/** The address of a place in a region, or null while nothing has that name. */
export function addressOf(k: KernelState, name: string, offset: Quantity, pid?: number): number | null {
  const first = regionPage(k, name, pid);
  if (first === null) return null;
  const share = Math.floor((peekMachine(k).frames.total * offset.ramPercent) / 100) * PAGE_SIZE;
  return first * PAGE_SIZE + offset.bytes + share;
}
