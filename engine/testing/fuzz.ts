import { assert } from '../base/assert.ts';
import {
  boot,
  checkInvariants,
  peekFrameSerial,
  peekMachine,
  peekPage,
  peekTask,
  peekVmas,
  regionPage,
  step,
  whyNot,
  type KernelState,
} from '../kernel/index.ts';
import { PAGE_SIZE } from '../base/units.ts';
import type { TestRules } from '../mm/test-rules.ts';
import { totalRamPages } from '../mm/commit.ts';
import type { Command, CommandResult } from '../protocol/commands.ts';
import { command, letterOf } from './fixtures.ts';
import type { FuzzCase } from './fuzz-script.ts';
import { ReferenceModel, type ModelResult } from './reference-model.ts';

/** Where a script went wrong, or null. */
export interface FuzzFailure {
  readonly step: number;
  readonly line: string;
  readonly problem: string;
}

/** Looks at the machine after every command. @returns what is wrong, or null */
export type Watch = (k: KernelState, given: Command, result: CommandResult) => string | null;

/** Runs the commands that can be given; the first broken rule or difference ends it. */
export function runCase(
  fuzz: FuzzCase,
  watch: (k: KernelState) => Watch,
  rulesOff: Partial<TestRules> = {},
): FuzzFailure | null {
  const k = boot(fuzz.options, rulesOff);
  const look = watch(k);
  for (const [i, line] of fuzz.lines.entries()) {
    const given = command(line);
    if (notNow(k, given)) continue;
    let problem: string | null;
    try {
      problem = look(k, given, step(k, given));
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    const [broken] = checkInvariants(k);
    if (broken !== undefined) problem ??= `${broken.rule} ${broken.text}`;
    if (problem !== null) return { step: i + 1, line, problem };
  }
  return null;
}

/** Nobody could give it now: the task is gone, the file is not there, the kernel has panicked. */
const notNow = (k: KernelState, given: Command): boolean => whyNot(k, given) !== null;

/** Only the invariants. */
export const noWatch = (): Watch => () => null;

/** Compares what can be seen with the reference model. */
export function modelWatch(k: KernelState): Watch {
  const model = new ReferenceModel({
    ramPages: totalRamPages(k),
    swapPages: k.machine.swapPages[0]!,
    heapPage: regionPage(k, 'heap')!,
  });
  model.overcommit = k.machine.overcommit[0]!;
  // Frames are equal up to renaming: one content object, one allocation of a frame, from first sight to last.
  const frameOf = new WeakMap<object, string>();
  return (_, given, result) => {
    const expected = told(k, model, given);
    return compareResult(result, expected) ?? compareState(k, model, frameOf);
  };
}

/** What the model says, with the faults of the command. */
type Expected = ModelResult & { minor?: number; major?: number };

/** The same command to the model. */
function told(k: KernelState, model: ReferenceModel, given: Command): Expected | null {
  if (!('task' in given)) return null;
  const { task } = given;
  const before = { ...model.processes.get(task)! };
  const place = (name: string, bytes: number): number => regionPage(k, name)! + bytes / PAGE_SIZE;
  const run = (): ModelResult | null => {
    switch (given.op) {
      case 'mmap': {
        const start = given.at === null ? place(given.name, 0) : place(given.at.name, given.at.offset.bytes);
        const how = { shared: given.sharing === 'shared', fixed: given.at?.kind === 'fixed', noreserve: given.noreserve, populate: given.populate };
        const made = model.mmap(task, start, given.length.bytes / PAGE_SIZE, given.perms, how);
        return made.errno === undefined ? { ret: given.name } : made;
      }
      case 'munmap':
        return model.munmap(task, place(given.name, given.offset.bytes), given.length.bytes / PAGE_SIZE);
      case 'mprotect':
        return model.mprotect(task, place(given.name, given.offset.bytes), given.length.bytes / PAGE_SIZE, given.perms);
      case 'madvise':
        return model[given.advice === 'pageout' ? 'pageout' : 'dontneed'](task, place(given.name, given.offset.bytes), given.length.bytes / PAGE_SIZE);
      case 'touch_r':
      case 'touch_w':
      case 'read': {
        const byte = given.op === 'touch_w' ? (given.byte ?? k.machine.steps[0]!) & 0xff : null;
        const { bytes, ...rest } = model.touch(task, place(given.name, given.offset.bytes), given.length.bytes / PAGE_SIZE, byte);
        return given.op === 'read' && bytes!.length > 0 ? { ...rest, bytes: bytes! } : rest;
      }
      case 'brk': {
        const { brk } = model.processes.get(task)!;
        return model.brk(task, brk + (given.change === '-' ? -1 : 1) * (given.amount.bytes / PAGE_SIZE));
      }
      case 'fork':
        return model.fork(task, given.child);
      case 'exit':
      case 'kill':
        model.end(task);
        return {};
      default:
        return {};
    }
  }; // prettier-ignore
  const result = run();
  const after = model.processes.get(task);
  const counted = !['fork', 'state', 'exit', 'kill'].includes(given.op) && after !== undefined;
  return counted ? { ...result, minor: after.minor - before.minor, major: after.major - before.major } : result;
}

function compareResult(result: CommandResult, expected: Expected | null): string | null {
  if (expected === null) return null;
  const { ret, errno, sig, code, done, bytes, min: minor, maj: major } = result;
  const got = { ret, errno, sig, code, done, bytes, minor, major };
  for (const [key, value] of Object.entries(got)) {
    const wanted = expected[key as keyof typeof got];
    const same = JSON.stringify(value) === JSON.stringify(wanted);
    if (!same) return `${key} is ${JSON.stringify(value)}, the model says ${JSON.stringify(wanted)}`;
  }
  return null;
}

const SHOWN_PAGES = 28;

function compareState(k: KernelState, model: ReferenceModel, frameOf: WeakMap<object, string>): string | null {
  const { tasks, committed } = peekMachine(k);
  if (tasks.join() !== [...model.processes.keys()].sort((a, b) => a - b).join()) return `tasks are ${tasks.join()}`;
  if (committed !== model.committed()) return `Committed_AS is ${committed}, the model says ${model.committed()}`;
  const contentOf = new Map<string, object>();
  for (const task of tasks) {
    const view = peekTask(k, task)!;
    if (view.rss !== model.rss(task)) return `rss of p${task} is ${view.rss}, the model says ${model.rss(task)}`;
    if (view.commit !== model.commit(task)) return `commit of p${task} is ${view.commit}, the model says ${model.commit(task)}`;
    const areas = joinedAreas(k, task).join(', ');
    if (areas !== model.areas(task).join(', ')) return `areas of p${task}: ${areas}; the model says ${model.areas(task).join(', ')}`;
    for (const region of k.regions) {
      for (let page = region.page; page < region.page + SHOWN_PAGES; page++) {
        const seen = peekPage(k, task, page);
        const letter = letterOf(k, seen);
        const where = `${region.name}+${page - region.page} of p${task}`;
        if (letter !== model.letter(task, page)) return `${where} is ${letter}, the model says ${model.letter(task, page)}`;
        const content = model.contentAt(task, page);
        if (content === null) continue;
        const frame = `${seen.frame} (allocation ${peekFrameSerial(k, seen.frame)})`;
        if ((frameOf.get(content) ?? frame) !== frame) return `${where} moved to frame ${frame}; the model left it where it was`;
        if ((contentOf.get(frame) ?? content) !== content) return `${where} is on frame ${frame}, which the model gives to another`;
        frameOf.set(content, frame);
        contentOf.set(frame, content);
      }
    }
  }
  return null;
} // prettier-ignore

function joinedAreas(k: KernelState, task: number): string[] {
  const runs: { start: number; end: number; text: string }[] = [];
  for (const { start, end, perms, flags } of peekVmas(k, task)) {
    const text = [perms, ...flags].join(' ');
    const last = runs.at(-1);
    if (last !== undefined && last.end === start && last.text === text) last.end = end;
    else runs.push({ start, end, text });
  }
  return runs.map(({ start, end, text }) => `${start}-${end} ${text}`);
}

/** The shortest script found that still fails: lines are left out, many at first, then one by one. */
export function shrink(fuzz: FuzzCase, watch: (k: KernelState) => Watch): FuzzCase {
  const failure = runCase(fuzz, watch);
  assert(failure !== null, 'a case that is shrunk fails');
  let lines = fuzz.lines.slice(0, failure.step);
  for (let size = lines.length >> 1; size >= 1; size >>= 1) {
    for (let at = lines.length - size; at >= 0; at -= size) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      if (runCase({ ...fuzz, lines: fewer }, watch) !== null) lines = fewer;
    }
  }
  return { ...fuzz, lines };
}

/** What a failure prints: the seed, the machine, and a script that can be pasted. */
export function report(fuzz: FuzzCase, watch: (k: KernelState) => Watch): string {
  const small = shrink(fuzz, watch);
  const failure = runCase(small, watch)!;
  const { ramPages, overcommit } = small.options;
  return [
    `seed ${fuzz.seed}: ${failure.problem}`,
    `# ${small.vocabulary}, ${ramPages} frames, overcommit ${overcommit}; fails at: ${failure.line}`,
    ...small.lines,
  ].join('\n');
}
