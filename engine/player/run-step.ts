import { EVENT, EVENTS } from '../base/event-kinds.ts';
import { eventsBetween, type EventLog } from '../base/event-log.ts';
import { blamedAgo } from './blame.ts';
import { hashState, pageLabel, peekMachine, step, TrailRecorder, whyNot, type KernelState } from '../kernel/index.ts';
import type { CommandResult } from '../protocol/commands.ts';
import type {
  AskView,
  CommandReport,
  ExpectReport,
  FootprintPoint,
  Problem,
  ShowHint,
  StepReport,
  TimelineMark,
} from '../protocol/player.ts';
import { Footprints } from '../kernel/heap/index.ts';
import type { ProgramTrail } from '../protocol/program-look.ts';
import { evaluate, formatValue, type Scope, type StepFacts } from './expression/evaluate.ts';
import { frozen, judge, namedWords } from './expression/expression.ts';
import { narrate, type ToldCommand } from './narrate/narrate.ts';
import { errnoOf, failureWords, hasFailed, outcomeText, returnValue } from './outcome.ts';
import { readingOf } from './reading.ts';
import { resolveTarget } from './resolve-target.ts';
import { watchTransitions, type TakenTransitions } from './transitions.ts';
import type { PlacedCommand, Question, ScenarioStep, Show } from './scenario/scenario.ts';

/** A step of the timeline: one of the script, or one that was typed. */
export interface PlannedStep {
  readonly step: ScenarioStep;
  /** From 1; 0 for a typed step. */
  readonly scriptStep: number;
}

export interface StepRun {
  readonly report: StepReport;
  readonly marks: readonly TimelineMark[];
  /** What the script says and the engine does not confirm. */
  readonly problems: readonly Problem[];
  /** What it did to C programs. */
  readonly trails: readonly ProgramTrail[];
  /** Steps of the statecharts. */
  readonly taken: TakenTransitions;
}

interface RunCommand extends ToldCommand {
  readonly placed: PlacedCommand;
  readonly footprints: readonly FootprintPoint[];
}

/** What happened to one command: it ran, or it could not even be given. */
type Attempt = { readonly ran: RunCommand } | { readonly refused: string; readonly placed: PlacedCommand };

/**
 * Carries out one step and judges its claims.
 * @param index position of the step in the timeline, from 1
 */
export function runStep(
  k: KernelState,
  planned: PlannedStep,
  index: number,
  parameters: ReadonlyMap<string, number>,
): StepRun {
  const { step: script } = planned;
  const ahead = [...script.expect.flatMap((claim) => claim.expression.before), ...(script.ask?.answer.before ?? [])];
  const before = frozen(readingOf(k), ahead);
  const startNs = peekMachine(k).timeNs;
  const copies = peekMachine(k).copies;
  const firstEvent = k.events.next;
  const tracked = new Footprints(k);
  const recorder = k.images.length === 0 ? null : new TrailRecorder(k);
  const takenSince = watchTransitions();
  const attempts = script.commands.map((placed) => attempt(k, placed, tracked));
  const taken = takenSince();
  const trails = recorder?.finish() ?? [];
  const ran = attempts.flatMap((a) => ('ran' in a ? [a.ran] : []));
  const { timeNs: clockNs, copies: copiesNow } = peekMachine(k);
  const facts = factsOf(ran, copiesNow - copies, k.events);
  const scope: Scope = { parameters, facts, before, now: readingOf(k) };
  const problems: Problem[] = [];
  const claims = script.expect.map((claim): ExpectReport => {
    const { text, line, column } = claim;
    return { text, line, column, ...judge(claim.expression, scope) };
  });
  const expect = planned.scriptStep === 0 ? claims : [...claims, ...unexpectedFailures(script, attempts)];
  const report: StepReport = {
    index,
    scriptStep: planned.scriptStep,
    chapter: script.chapter,
    say: script.say,
    note: script.note,
    mark: script.mark,
    pause: script.pause,
    ask: script.ask === null ? null : askView(script.ask, scope, problems),
    show: script.show === null ? null : showHint(k, script.show, problems),
    commands: attempts.map(commandReport),
    expect,
    ok: expect.every((each) => each.ok),
    narration: narrate(ran, (page, pid) => pageLabel(k, page, pid)),
    firstEvent,
    endEvent: k.events.next,
    hash: hashState(k),
    timeNs: clockNs - startNs,
    clockNs,
  };
  return { report, marks: marksOf(k, report), problems, trails, taken };
}

/** The same commands without looking: for a replay whose reports are known. */
export function replayStep(k: KernelState, { step: script }: PlannedStep): void {
  for (const { command } of script.commands) if (whyNot(k, command) === null) step(k, command);
}

function attempt(k: KernelState, placed: PlacedCommand, tracked: Footprints): Attempt {
  const refused = whyNot(k, placed.command);
  if (refused !== null) return { refused, placed };
  const result = step(k, placed.command);
  const events = eventsBetween(k.events, result.firstEvent, result.endEvent);
  const footprints = tracked.changes(result.firstEvent);
  return { ran: { placed, command: placed.command, result, events, footprints } };
}

function factsOf(ran: readonly RunCommand[], copies: number, log: EventLog): StepFacts {
  const byTask = new Map<number, { signal: string; minflt: number; majflt: number }>();
  let errno = 'none';
  for (const { command, result } of ran) {
    errno = errnoOf(result) ?? errno;
    if (!('task' in command)) continue;
    const sum = byTask.get(command.task) ?? { signal: 'none', minflt: 0, majflt: 0 };
    byTask.set(command.task, {
      signal: result.sig ?? sum.signal,
      minflt: sum.minflt + (result.min ?? 0),
      majflt: sum.majflt + (result.maj ?? 0),
    });
  }
  const last = ran.at(-1)?.result;
  const events = ran.flatMap((each) => each.events);
  const cost = (of: 'library' | 'system' | 'faults'): number =>
    ran.reduce((sum, { result }) => sum + (result.cost?.[of] ?? 0), 0);
  return {
    ret: last === undefined ? 'ok' : returnValue(last),
    errno,
    copies,
    byTask,
    syscalls: events.filter(({ kind }) => kind === EVENT.SYSCALL).length,
    library_ns: cost('library'),
    system_ns: cost('system'),
    fault_ns: cost('faults'),
    blamed_ago: blamedAgo(log, events),
  };
}

/** Commands that failed although no claim of the step names that failure. */
function unexpectedFailures(script: ScenarioStep, attempts: readonly Attempt[]): ExpectReport[] {
  const expected = new Set(script.expect.flatMap((claim) => [...namedWords(claim.expression.node)]));
  return attempts.flatMap((a): ExpectReport[] => {
    const placed = 'ran' in a ? a.ran.placed : a.placed;
    const { text, line, column } = placed;
    const got = 'ran' in a ? failure(a.ran.result, expected) : a.refused;
    return got === null ? [] : [{ text: `${text} succeeds`, ok: false, got, line, column }];
  });
}

function failure(result: CommandResult, expected: ReadonlySet<string>): string | null {
  if (!hasFailed(result) || failureWords(result).some((word) => expected.has(word))) return null;
  return outcomeText(result);
}

function commandReport(a: Attempt): CommandReport {
  if ('refused' in a) {
    const { text } = a.placed;
    const nothing = { minflt: 0, majflt: 0, timeNs: 0, firstEvent: 0, endEvent: 0, footprints: [] };
    return { text, outcome: a.refused, failed: true, ...nothing };
  }
  const { result, placed, footprints } = a.ran;
  return {
    text: placed.text,
    outcome: outcomeText(result),
    failed: hasFailed(result),
    minflt: result.min ?? 0,
    majflt: result.maj ?? 0,
    timeNs: result.timeNs,
    firstEvent: result.firstEvent,
    endEvent: result.endEvent,
    footprints,
  };
}

/** The question with the answer the engine measured; a choice must be among the choices. */
function askView(ask: Question, scope: Scope, problems: Problem[]): AskView {
  const value = evaluate(ask.answer.node, scope);
  const answer = value.kind === 'boolean' ? (value.value ? 'yes' : 'no') : formatValue(value);
  const { line, column } = ask;
  if (value.kind === 'error') {
    problems.push({
      line,
      column,
      message: `the answer cannot be measured: ${answer}`,
      remedy: 'ask for something that is there',
    });
  } else if (ask.kind === 'choice' && !ask.choices.includes(answer)) {
    const message = `the engine measures ${answer}, which is none of the choices`;
    problems.push({ line, column, message, remedy: `add ${answer} to the choices` });
  }
  return { kind: ask.kind, text: ask.text, choices: ask.choices, answer, why: ask.why, reason: ask.reason };
}

function showHint(k: KernelState, { text, target, zoom, links, line, column }: Show, problems: Problem[]): ShowHint {
  const resolved = target === null ? null : resolveTarget(k, target);
  if (resolved !== null && !resolved.ok) {
    problems.push({ line, column, message: resolved.message, remedy: 'select something that exists behind this step' });
  }
  return { text, zoom, links, selection: resolved?.ok === true ? resolved.selection : null };
}

/** Ticks that one step may put on the timeline; a touch of a million pages is one picture, not a million. */
const MAX_MARKS_PER_STEP = 200;

function marksOf(k: KernelState, { index, firstEvent, endEvent }: StepReport): TimelineMark[] {
  const marks: TimelineMark[] = [];
  for (let id = firstEvent; id < endEvent && marks.length < MAX_MARKS_PER_STEP; id++) {
    const at = id - k.events.first;
    const lane = EVENTS[k.events.kind[at]!]!.lane;
    if (lane !== 'none') marks.push({ step: index, lane, pid: k.events.pid[at]!, timeNs: k.events.time[at]! });
  }
  return marks;
}
