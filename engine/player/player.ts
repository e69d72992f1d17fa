import { transition, type SnapshotFrom } from 'xstate';
import { assert, BrokenInvariant } from '../base/assert.ts';
import { pointersOf } from '../kernel/heap/index.ts';
import { fileNames, peekMachine, regionNames, unknownName, whyNot, type KernelState } from '../kernel/index.ts';
import type { TestRules } from '../mm/test-rules.ts';
import type { MachineOptions } from '../protocol/commands.ts';
import type {
  Completion,
  OpenReply,
  Outline,
  OutlineStep,
  PlayerPhase,
  PlayerView,
  Problem,
  StepReport,
  TimelineMark,
  TypedStep,
  TypeReply,
} from '../protocol/player.ts';
import type { ProgramTrail } from '../protocol/program-look.ts';
import { complete } from './commands/complete.ts';
import { parseScript } from './commands/parse-script.ts';
import { PointerList } from './commands/pointer-list.ts';
import { TaskList } from './commands/task-list.ts';
import type { Journal } from './journal.ts';
import { playerMachine, type PlayerEvent } from './player.machine.ts';
import { journalOf, rehearseSteps } from './rehearse.ts';
import type { PlannedStep } from './run-step.ts';
import { compileScenario, type RunOptions } from './scenario/compile-scenario.ts';
import { DEFAULT_MACHINE } from './scenario/machine-options.ts';
import type { Scenario, ScenarioStep } from './scenario/scenario.ts';
import type { TakenTransitions } from './transitions.ts';
import { lineMapOf } from './text/line-map.ts';
import { placed } from './text/problem.ts';

const NOTHING_OPEN: Problem = { line: 1, column: 1, message: 'nothing is open', remedy: 'open a scenario first' };

/** A scenario without steps: a machine to type commands at. */
const emptyScenario = (machine: MachineOptions): Scenario => ({
  title: 'A free machine',
  summary: '',
  features: [],
  machine,
  parameters: new Map(),
  chapters: [{ title: 'Commands', firstStep: 1 }],
  steps: [],
});

/**
 * Plays a scenario: forward, back, anywhere, with commands typed in between. It knows no clock; a host that plays calls
 * `tick` when it is time for the next step.
 */
export class Player {
  private state: SnapshotFrom<typeof playerMachine> = playerMachine.resolveState({ value: 'empty', context: {} });
  private scenario: Scenario | null = null;
  private journal: Journal | null = null;
  private typedLog: TypedStep[] = [];

  /** @param rulesOff rules of the kernel that a test switches off */
  constructor(private readonly rulesOff: Partial<TestRules> = {}) {}

  get phase(): PlayerPhase {
    return this.state.value;
  }

  /** The machine at the position; null while nothing is open. Read it, never step it. */
  get kernel(): KernelState | null {
    return this.journal?.kernel ?? null;
  }

  /** Commands typed so far, in the order in which they were typed. */
  get typed(): readonly TypedStep[] {
    return this.typedLog;
  }

  /**
   * Reads a scenario and rehearses all of it once, so that every step's report, hash and events are known; the player
   * then stands at the start. Refused with all problems: those of the text, and what the engine does not confirm.
   */
  open(text: string, run: RunOptions = {}): OpenReply {
    const begun = this.begin(text, run);
    const problems = begun.ok ? this.rehearse() : [];
    if (problems.length > 0) return this.refuse(problems);
    return begun.ok ? { ...begun, marks: this.marks() } : begun;
  }

  /** As `open`, with the rehearsal left for later: what the script says is not known to be what the engine does. */
  begin(text: string, run: RunOptions = {}): OpenReply {
    const compiled = compileScenario(text, run);
    if (!compiled.ok) return this.refuse(compiled.problems);
    this.start(compiled.scenario);
    return { ok: true, outline: this.outline()!, marks: [], problems: [] };
  }

  /**
   * Runs once through what has not run yet, and comes back to where the player stands.
   * @returns what the script says and the engine does not confirm; nothing where typed commands change what follows
   */
  rehearse(): readonly Problem[] {
    const journal = this.ready();
    if (journal === null) return [];
    const { position } = journal;
    const problems = this.guarded(() => rehearseSteps(journal));
    this.seek(position);
    return this.typedLog.length > 0 ? [] : problems;
  }

  /** A machine without a script. */
  openFree(machine: Partial<MachineOptions> = {}): void {
    this.start(emptyScenario({ ...DEFAULT_MACHINE, ...machine }));
  }

  close(): void {
    if (this.phase === 'empty') return;
    this.send({ type: 'scenario.closed' });
    this.scenario = null;
    this.journal = null;
    this.typedLog = [];
  }

  /** One step on; null at the end. */
  next(): StepReport | null {
    const journal = this.ready();
    if (journal === null || journal.position === journal.length) return null;
    const run = this.guarded(() => journal.next());
    this.arrive();
    return run?.report ?? null;
  }

  /** One step back; false at the start. */
  back(): boolean {
    const journal = this.ready();
    if (journal === null || journal.position === 0) return false;
    return this.seek(journal.position - 1);
  }

  /** To any position, 0 … length; outside of it to the nearer end. False when nothing is open. */
  seek(position: number): boolean {
    const journal = this.ready();
    if (journal === null || !Number.isInteger(position)) return false;
    this.guarded(() => journal.seek(Math.max(0, Math.min(position, journal.length))));
    this.arrive();
    return true;
  }

  restart(): boolean {
    return this.seek(0);
  }

  play(): void {
    if (this.state.can({ type: 'player.play' })) this.send({ type: 'player.play' });
  }

  pause(): void {
    if (this.state.can({ type: 'player.pause' })) this.send({ type: 'player.pause' });
  }

  /** Time for the next step of a player that plays; stops at a pause of the script and at the end. */
  tick(): StepReport | null {
    if (this.phase !== 'playing') return null;
    const report = this.next();
    if (report?.pause === true) this.pause();
    return report;
  }

  /** Carries out a line of the console as a step of its own at this position; the script's later steps stay. */
  typeCommand(text: string): TypeReply {
    const journal = this.ready();
    if (journal === null) return { ok: false, problems: [NOTHING_OPEN] };
    this.pause();
    const lines = lineMapOf(text);
    const { commands, problems } = parseScript(
      text,
      new TaskList(peekMachine(journal.kernel).tasks, fileNames(journal.kernel)),
      new PointerList(pointerNames(journal.kernel)),
    );
    if (problems.length > 0) return { ok: false, problems: problems.map((p) => placed(p, lines)) };
    const first = commands[0];
    if (first === undefined) {
      return {
        ok: false,
        problems: [{ line: 1, column: 1, message: 'there is no command', remedy: 'write one such as p0 brk +1' }],
      };
    }
    const unknown = unknownName(journal.kernel, first.command);
    const refused = whyNot(journal.kernel, first.command) ?? (unknown === null ? null : `nothing is called ${unknown}`);
    if (refused !== null) {
      return {
        ok: false,
        problems: [{ ...lines.at(first.start), message: refused, remedy: 'name something that exists' }],
      };
    }
    const placedCommands = commands.map((c) => ({ command: c.command, text: c.text, ...lines.at(c.start) }));
    this.typedLog.push({ atStep: journal.position, text });
    journal.insert({ step: typedStep(placedCommands, this.chapterAt(journal)), scriptStep: 0 });
    return { ok: true, report: this.next()! };
  }

  /** Takes all typed steps out again; the player stands where the script was left. */
  discardTyped(): void {
    const journal = this.ready();
    if (journal === null || this.typedLog.length === 0) return;
    this.guarded(() => journal.remove((step) => step.scriptStep > 0));
    this.typedLog = [];
    this.arrive();
  }

  /** Comes back to a kept place: the commands typed there, then the position. */
  resume(step: number, typed: readonly TypedStep[]): void {
    for (const { atStep, text } of typed) {
      this.seek(atStep);
      this.typeCommand(text);
    }
    this.seek(step);
  }

  view(): PlayerView {
    const { journal } = this;
    const ask = journal?.timeline[journal.position]?.step.ask ?? null;
    return {
      phase: this.phase,
      position: journal?.position ?? 0,
      length: journal?.length ?? 0,
      report: journal?.runAt(journal.position)?.report ?? null,
      nextAsk: ask === null ? null : { kind: ask.kind, text: ask.text, choices: ask.choices },
      typedSteps: this.typedLog.length,
    };
  }

  /** The report of the step that led to a position, as far as it has run. */
  reportAt(position: number): StepReport | null {
    return this.journal?.runAt(position)?.report ?? null;
  }

  /** What the step that led to a position did to C programs. */
  trailsAt(position: number): readonly ProgramTrail[] {
    return this.journal?.runAt(position)?.trails ?? [];
  }

  /** Steps of the statecharts that the step took which led to a position. */
  takenAt(position: number): TakenTransitions {
    return this.journal?.runAt(position)?.taken ?? {};
  }

  /** Ticks of the timeline for all that has run. */
  marks(): TimelineMark[] {
    return this.journal?.knownRuns.flatMap((run) => run.marks) ?? [];
  }

  outline(): Outline | null {
    const { scenario, journal } = this;
    if (scenario === null || journal === null) return null;
    const steps = journal.timeline.map((planned, i) => outlineStep(planned, i + 1));
    const chapters = scenario.chapters.map(({ title, firstStep }) => {
      const at = journal.timeline.findIndex((planned) => planned.scriptStep === firstStep);
      return { title, firstStep: at < 0 ? firstStep : at + 1 };
    });
    const { title, summary, features } = scenario;
    return { title, summary, features, chapters, steps };
  }

  /** Completions for the console at this position. */
  complete(text: string, cursor: number): Completion[] {
    const { kernel } = this;
    if (kernel === null) return [];
    return complete(text, cursor, {
      regions: regionNames(kernel),
      tasks: peekMachine(kernel).tasks,
      pointers: pointerNames(kernel),
      files: fileNames(kernel),
    });
  }

  private start(scenario: Scenario): void {
    this.journal = journalOf(scenario, this.rulesOff);
    this.scenario = scenario;
    this.typedLog = [];
    this.send({ type: 'scenario.opened' });
  }

  private refuse(problems: readonly Problem[]): OpenReply {
    this.scenario = null;
    this.journal = null;
    this.typedLog = [];
    this.send({ type: 'scenario.refused' });
    return { ok: false, problems };
  }

  private chapterAt(journal: Journal): number {
    return journal.timeline[Math.max(0, journal.position - 1)]?.step.chapter ?? 0;
  }

  /** The journal while it may be moved. */
  private ready(): Journal | null {
    return this.phase === 'broken' ? null : this.journal;
  }

  private arrive(): void {
    const { journal } = this;
    if (journal === null) return;
    const { position, length } = journal;
    const type = position === 0 ? 'position.start' : position === length ? 'position.end' : 'position.middle';
    this.send({ type });
  }

  /** A broken invariant stops the player; whoever called learns of it. */
  private guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof BrokenInvariant) this.send({ type: 'engine.broke' });
      throw error;
    }
  }

  private send(event: PlayerEvent): void {
    assert(this.state.can(event), `player.machine allows ${event.type} in ${this.phase}`);
    [this.state] = transition(playerMachine, this.state, event);
  }
}

/** Names of pointers by task, as the machine has them. */
const pointerNames = (k: KernelState): Map<number, string[]> =>
  new Map(peekMachine(k).tasks.map((pid) => [pid, pointersOf(k, pid).map(({ name }) => name)]));

function typedStep(commands: ScenarioStep['commands'], chapter: number): ScenarioStep {
  return { chapter, say: '', note: '', mark: null, pause: false, commands, expect: [], ask: null, show: null };
}

function outlineStep({ step, scriptStep }: PlannedStep, index: number): OutlineStep {
  const typed = scriptStep === 0;
  const commands = step.commands.map((c) => c.text).join('; ');
  return {
    index,
    chapter: step.chapter,
    title: typed || step.say === '' ? commands : step.say,
    mark: step.mark,
    pause: step.pause,
    hasAsk: step.ask !== null,
    typed,
  };
}
