import { EVENT, type EventKind } from '../../base/event-kinds.ts';
import { causeChain, eventAt, eventsBetween, type EventRecord } from '../../base/event-log.ts';
import { pageLabel, type KernelState } from '../../kernel/index.ts';
import type { StepReport } from '../../protocol/player.ts';
import type { Selection } from '../../protocol/snapshot.ts';
import type { WhyLink } from '../../protocol/why.ts';
import { eventText } from '../narrate/event-text.ts';
import { latestEvent, type IsAbout } from './latest-event.ts';

/** Earlier operations that a story names at most. */
const MOST_BEFORE = 8;

/** Bookkeeping between a cause and what came of it, which would only make a story longer. */
const BETWEEN: ReadonlySet<EventKind> = new Set<EventKind>([EVENT.MALLOC_STEP]);

/** What a chain of causes needs to know of the run: the machine, and the steps that led to where it is. */
export interface Run {
  readonly kernel: KernelState;
  /** Of the steps up to the position, in order. */
  readonly reports: readonly StepReport[];
}

export interface Chain {
  readonly links: readonly WhyLink[];
  readonly before: readonly WhyLink[];
}

const BOOT: WhyLink = { event: 0, step: 0, text: 'the machine starts: it was so from the beginning', selection: null };

/** Why a thing is as it is: the latest event about it with all its causes, and the operations that changed it before. */
export function whyOf(run: Run, isAbout: IsAbout): Chain {
  const { events } = run.kernel;
  const last = latestEvent(events, isAbout);
  const before: WhyLink[] = [];
  let root = rootOf(run, last);
  for (let id = last; id > 0 && before.length < MOST_BEFORE;) {
    id = latestEvent(events, isAbout, id);
    if (id === 0) break;
    const earlier = rootOf(run, id);
    // Several events of one operation are one time that something changed.
    if (earlier !== root) before.push(operationLink(run, earlier));
    root = earlier;
  }
  return { links: chainOf(run, last), before };
}

/** Why an event happened: itself first, the operation last. */
export function chainOf(run: Run, id: number): WhyLink[] {
  const chain = causeChain(run.kernel.events, id);
  const [first] = chain;
  if (first === undefined) return [BOOT];
  const caused = chain.slice(1).filter(({ kind }) => !BETWEEN.has(kind));
  const operation = first.kind === EVENT.COMMAND ? operationLink(run, first.id) : BOOT;
  const known = first.kind === EVENT.COMMAND ? caused : [first, ...caused];
  return [...known.reverse().map((event) => eventLink(run, event)), operation];
}

/** The latest event of a step that a kind of the list, best first, is about; else the last one. 0 when nothing was. */
export function tellingEvent(
  { kernel }: Run,
  { firstEvent, endEvent }: StepReport,
  kinds: readonly EventKind[],
): number {
  const events = eventsBetween(kernel.events, firstEvent, endEvent);
  for (const kind of kinds) {
    const found = events.findLast((event) => event.kind === kind);
    if (found !== undefined) return found.id;
  }
  return events.at(-1)?.id ?? 0;
}

/** The operation that an event goes back to; 0 for what was so when the machine started. */
function rootOf({ kernel }: Run, id: number): number {
  const [root] = id === 0 ? [] : causeChain(kernel.events, id);
  return root?.kind === EVENT.COMMAND ? root.id : 0;
}

/** A command as it was given, with the step that it was given in. */
function operationLink(run: Run, id: number): WhyLink {
  if (id === 0) return BOOT;
  const report = reportOf(run, id);
  const given = report?.commands.find(({ firstEvent, endEvent }) => id >= firstEvent && id < endEvent);
  const text = given?.text ?? eventText(eventAt(run.kernel.events, id)!, labelIn(run));
  return { event: id, step: report?.index ?? 0, text, selection: null };
}

function eventLink(run: Run, event: EventRecord): WhyLink {
  return {
    event: event.id,
    step: reportOf(run, event.id)?.index ?? 0,
    text: eventText(event, labelIn(run)),
    selection: selectionOf(run.kernel, event),
  };
}

/** What an event is about: its page as long as somebody has it, else its frame. */
function selectionOf(k: KernelState, { pid, page, frame }: EventRecord): Selection | null {
  if (page >= 0 && k.tasks.used[pid] === 1 && k.tasks.mm[pid]! >= 0) return { kind: 'page', pid, page };
  return frame >= 0 ? { kind: 'frame', frame } : null;
}

const labelIn =
  ({ kernel }: Run) =>
  (page: number, pid: number): string =>
    pageLabel(kernel, page, pid);

/** The step that an event happened in, by halves: there may be many steps. */
function reportOf({ reports }: Run, id: number): StepReport | null {
  let low = 0;
  let high = reports.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reports[middle]!.endEvent > id) high = middle;
    else low = middle + 1;
  }
  const found = reports[low];
  return found !== undefined && id >= found.firstEvent && id < found.endEvent ? found : null;
}
