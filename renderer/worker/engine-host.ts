import { eventsBetween } from '../../engine/base/event-log.ts';
import { hashState, type KernelState } from '../../engine/kernel/index.ts';
import { Player } from '../../engine/player/player.ts';
import { Watcher } from '../../engine/player/watch/watcher.ts';
import { HELP } from '../../engine/player/commands/help.ts';
import type { Completion, OperationHelp, StepReport } from '../../engine/protocol/player.ts';
import type { EventLine, Inspection, Selection, StageShape, WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import type {
  EngineCallName,
  EngineCalls,
  LabState,
  OpenedLab,
  OpeningArguments,
  Panic,
  RehearsedLab,
  TypedLab,
} from '../../engine/protocol/worker.ts';
import type { FiguresLook } from '../../engine/protocol/figures.ts';
import type { StatechartLook, StatechartName } from '../../engine/protocol/statechart-look.ts';
import type { Against, CompareLook, OtherRun } from '../../engine/protocol/compare.ts';
import type { Stops } from '../../engine/protocol/watch.ts';
import type { HeapLook } from '../../engine/protocol/heap-look.ts';
import { LIBRARY_FUNCTIONS } from '../../engine/c/index.ts';
import { checkProgram } from './check-program.ts';
import { eventLines } from './event-lines.ts';
import { lookAtHeap } from './heap-look.ts';
import { FigureLog } from './figures.ts';
import { inspect } from './inspect.ts';
import { lookAtPosition, programsAt, sourcesOf } from './programs.ts';
import { lookAtStatechart } from './statechart-look.ts';
import { lookAtWalk } from './walk-look.ts';
import { find } from './find.ts';
import { compareMoments, momentOf } from './compare.ts';
import { branchOff, filesOf, otherRunOf, type Source } from './two-runs.ts';
import { lookAtWhy } from './why-look.ts';
import { takeSnapshot } from './snapshot.ts';

/** Scenarios up to this many steps and frames are looked through at opening, to plan the stage once for all. */
const PLANNED_STEPS = 200;
const PLANNED_FRAMES = 8_192;
/** Events of one step that the log shows; beyond it the first ones. */
const SHOWN_EVENTS = 2_000;

type Handlers = { [Name in EngineCallName]: (...args: EngineCalls[Name]['args']) => EngineCalls[Name]['value'] };

/** The engine behind the window: a player, and the pictures of where it is. Runs in the worker, and in tests. */
export class EngineHost {
  #player = new Player();
  #figures = new FigureLog();
  #watcher = new Watcher(this.#player);
  #scenario = '';
  #source: Source = { text: '', files: {} };
  /** The run that a branch left behind. */
  #other: Player | null = null;
  readonly #recent: string[] = [];

  readonly #handlers: Handlers = {
    open: (...opening) => this.#open('open', opening),
    begin: (...opening) => this.#open('begin', opening),
    rehearse: () => this.#rehearse(),
    next: () => this.#moved(() => this.#player.next()),
    back: () => this.#moved(() => this.#player.back()),
    seek: (position) => this.#moved(() => this.#player.seek(position)),
    type: (text) => this.#type(text),
    discardTyped: () => this.#moved(() => this.#discardTyped(), true),
    typedSteps: () => [...this.#player.typed],
    complete: (text, cursor): readonly Completion[] => this.#player.complete(text, cursor),
    help: (): readonly OperationHelp[] => HELP,
    heap: (pid) => this.#heap(pid),
    checkProgram,
    library: () => LIBRARY_FUNCTIONS,
    sources: () => sourcesOf(this.#kernel()),
    program: (question) => lookAtPosition(this.#player, question),
    walk: (pid, page) => lookAtWalk(this.#kernel(), pid, page),
    find: (query) => find(this.#player, query),
    compare: (against) => this.#compare(against),
    branch: () => this.#branch(),
    switchRun: () => this.#switchRun(),
    stepOther: (direction) => this.#stepOther(direction),
    dropOther: () => (this.#other = null),
    watch: (texts) => this.#watcher.look(texts),
    stops: (stops) => this.#setStops(stops),
    run: (direction) => this.#moved(() => this.#watcher.run(direction)),
    why: (subject) => lookAtWhy(this.#player, subject),
    statechart: (name) => this.#statechart(name),
    figures: () => this.#figuresSoFar(),
    inspect: (selection) => this.#inspect(selection),
    events: () => this.#events(),
  };

  answer<Name extends EngineCallName>(call: Name, args: EngineCalls[Name]['args']): EngineCalls[Name]['value'] {
    this.#recent.push(`${call} ${JSON.stringify(args).slice(0, 200)}`);
    if (this.#recent.length > 20) this.#recent.shift();
    const handler = this.#handlers[call] as (...args: unknown[]) => EngineCalls[Name]['value'];
    return handler(...args);
  }

  /** The report of the step that led to a position, as far as it has run. */
  reportAt(position: number): StepReport | null {
    return this.#player.reportAt(position);
  }

  /** What a person can send to somebody who can mend it. */
  panicOf(error: unknown): Panic {
    const message = error instanceof Error ? error.message : String(error);
    const kernel = this.#player.kernel;
    const lines = [
      message,
      `scenario: ${this.#scenario}`,
      `position: ${this.#player.view().position}`,
      kernel === null ? 'no machine' : `seed ${kernel.machine.seed[0]}, command ${kernel.machine.steps[0]}`,
      'last calls:',
      ...this.#recent.map((call) => `  ${call}`),
      error instanceof Error ? (error.stack ?? '') : '',
    ];
    return { message, report: lines.join('\n') };
  }

  /** A text that cannot be used leaves the lab as it was: a new player takes over only when all is well. */
  #open(how: 'open' | 'begin', [name, text, typed, position, files = {}]: OpeningArguments): OpenedLab {
    const player = new Player();
    const source = { text, files };
    const reply = player[how](text, { files: filesOf(source) });
    if (!reply.ok) return { reply, state: null, shapes: [] };
    const shapes = how === 'open' ? shapesOf(player) : [];
    player.resume(position, typed);
    this.#take(player);
    this.#source = source;
    this.#other = null;
    this.#scenario = name;
    return { reply, state: this.#state(typed.length > 0), shapes };
  }

  /** From now on this player is the lab's. */
  #take(player: Player): void {
    this.#player = player;
    this.#figures = new FigureLog();
    this.#watcher = new Watcher(player);
  }

  #branch(): OtherRun {
    this.#other = branchOff(this.#player, this.#source);
    return otherRunOf(this.#other);
  }

  #otherRun(): Player {
    if (this.#other === null) throw new Error('the window asks for the other run only while there is one');
    return this.#other;
  }

  #switchRun(): LabState {
    const other = this.#otherRun();
    this.#other = this.#player;
    this.#take(other);
    return this.#state(true);
  }

  #stepOther(direction: 1 | -1): OtherRun {
    const other = this.#otherRun();
    if (direction === 1) other.next();
    else other.back();
    return otherRunOf(other);
  }

  #compare(against: Against): CompareLook | null {
    const player = this.#player;
    const { position, length } = player.view();
    const now = momentOf(this.#kernel(), this.#snapshot());
    if (against === 'other') {
      if (this.#other === null) return null;
      return compareMoments(against, momentOf(this.#other.kernel!, snapshotOf(this.#other)), now);
    }
    if (against < 0 || against > length) return null;
    player.seek(against);
    const was = momentOf(this.#kernel(), this.#snapshot());
    player.seek(position);
    return compareMoments(against, was, now);
  }

  #rehearse(): RehearsedLab {
    const player = this.#player;
    const problems = player.rehearse();
    return { problems, marks: player.marks(), shapes: problems.length > 0 ? [] : shapesOf(player) };
  }

  #type(text: string): TypedLab {
    this.#forgetFrom(this.#player.view().position + 1);
    const reply = this.#player.typeCommand(text);
    return { problems: reply.ok ? [] : reply.problems, state: this.#state(true) };
  }

  #discardTyped(): void {
    this.#forgetFrom(Math.min(...this.#player.typed.map(({ atStep }) => atStep)) + 1);
    this.#player.discardTyped();
  }

  /** What comes behind a position is about to be another. */
  #forgetFrom(position: number): void {
    this.#figures.forgetFrom(position);
    this.#watcher.forgetFrom(position);
  }

  #setStops(stops: Stops): readonly string[] {
    this.#watcher.set(stops);
    return this.#watcher.reasons();
  }

  #moved(move: () => unknown, timelineChanged = false): LabState {
    move();
    return this.#state(timelineChanged);
  }

  #kernel(): KernelState {
    const { kernel } = this.#player;
    if (kernel === null) throw new Error('the window asks for a state only after it has opened something');
    return kernel;
  }

  #state(timelineChanged: boolean): LabState {
    this.#figures.note(this.#player);
    const view = this.#player.view();
    const { report } = view;
    const outline = timelineChanged ? this.#player.outline() : null;
    return {
      player: view,
      snapshot: this.#snapshot(),
      failed: this.#failedUpTo(view.position),
      shown: report?.show?.selection ?? null,
      heapShown: this.#heapShownAt(view.position),
      programs: programsAt(this.#player),
      stopped: this.#watcher.reasons(),
      timeline: outline === null ? null : { outline, marks: this.#player.marks() },
    };
  }

  #snapshot(): WindowSnapshot {
    return snapshotOf(this.#player);
  }

  #statechart(name: StatechartName): StatechartLook {
    const player = this.#player;
    const { position, phase } = player.view();
    return lookAtStatechart(name, {
      kernel: this.#kernel(),
      snapshot: this.#snapshot(),
      phase,
      taken: player.takenAt(position),
    });
  }

  /** Up to where the lab stands: charts tell nothing of steps to come. Of a large scenario, where it has been. */
  #figuresSoFar(): FiguresLook {
    const player = this.#player;
    const { position } = player.view();
    if (isSmall(player)) {
      for (let at = 0; at <= position; at++) {
        if (this.#figures.has(at)) continue;
        player.seek(at);
        this.#figures.note(player);
      }
      player.seek(position);
    }
    return { steps: this.#figures.upTo(position) };
  }

  #heap(pid: number): HeapLook | null {
    const { report } = this.#player.view();
    return lookAtHeap(this.#kernel(), pid, report?.firstEvent ?? 0, report?.endEvent ?? 0);
  }

  /**
   * What the last step that points at something points at: going back must find the same. A step that points at a page
   * or a block and does not ask for its frame leaves the view as it is.
   */
  #heapShownAt(position: number): number {
    for (let at = position; at > 0; at--) {
      const show = this.#player.reportAt(at)?.show;
      if (show?.text === undefined || show.text === null) continue;
      const heap = /^p(\d+):heap$/.exec(show.text.trim());
      if (heap !== null) return Number(heap[1]);
      if (show.selection?.kind !== 'page' || show.links.includes('frame')) return -1;
    }
    return -1;
  }

  #failedUpTo(position: number): number {
    let failed = 0;
    for (let at = 1; at <= position; at++) {
      const report = this.#player.reportAt(at);
      if (report === null) continue;
      const claims = report.expect.filter(({ ok }) => !ok).length;
      failed += claims > 0 || report.ok ? claims : 1;
    }
    return failed;
  }

  #inspect(selection: Selection): Inspection | null {
    return inspect(this.#kernel(), selection);
  }

  #events(): readonly EventLine[] {
    const { report } = this.#player.view();
    if (report === null) return [];
    const kernel = this.#kernel();
    const end = Math.min(report.endEvent, report.firstEvent + SHOWN_EVENTS);
    return eventLines(kernel, eventsBetween(kernel.events, report.firstEvent, end));
  }
}

function snapshotOf(player: Player): WindowSnapshot {
  const kernel = player.kernel!;
  const { position, report } = player.view();
  const { hash = hashState(kernel), firstEvent = 0, endEvent = 0 } = report ?? {};
  return takeSnapshot(kernel, position, hash, firstEvent, endEvent);
}

/** Who is where at each step of a small scenario; the player stands where it stood afterwards. */
function shapesOf(player: Player): StageShape[] {
  const { length, position: stood } = player.view();
  if (!isSmall(player)) return [];
  const shapes: StageShape[] = [];
  for (let position = 0; position <= length; position++) {
    player.seek(position);
    // With its events, because pages that just changed are not folded and need more room.
    const { firstEvent = 0, endEvent = 0 } = player.view().report ?? {};
    const { tasks, ended, frames: all, machine } = takeSnapshot(player.kernel!, position, '', firstEvent, endEvent);
    shapes.push({ tasks, ended, frames: { total: all.total }, machine: { swap: { total: machine.swap.total } } });
  }
  player.seek(stood);
  return shapes;
}

/** Small enough to be looked through from start to end while somebody waits. */
const isSmall = (player: Player): boolean =>
  player.view().length <= PLANNED_STEPS && (player.kernel?.machine.totalFrames[0] ?? 0) <= PLANNED_FRAMES;
