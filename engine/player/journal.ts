import { assert } from '../base/assert.ts';
import { boot, capture, restore, type KernelState, type Keyframe } from '../kernel/index.ts';
import type { TestRules } from '../mm/test-rules.ts';
import type { MachineOptions } from '../protocol/commands.ts';
import { replayStep, runStep, type PlannedStep, type StepRun } from './run-step.ts';

/** Steps between keyframes: a seek replays fewer than this many. */
const KEYFRAME_STEPS = 8;
/** Where more events than this lie between two steps, a keyframe comes earlier: replaying them would take milliseconds. */
const KEYFRAME_EVENTS = 16_000;

interface Kept {
  readonly keyframe: Keyframe;
  /** Number of the event that comes next. */
  readonly nextEvent: number;
}

/**
 * A machine on a timeline of steps. Every position is reached in one way only: the nearest keyframe at or before it and
 * the steps from there, so the state at a position is the same bytes however one came to it.
 */
export class Journal {
  readonly kernel: KernelState;
  private readonly steps: PlannedStep[];
  /** By position. Position 0 is always there; the others are what has been passed since the timeline last changed. */
  private readonly keyframes = new Map<number, Kept>();
  /** By position of the step, from 1. */
  private readonly runs: (StepRun | undefined)[] = [];
  private at = 0;

  /** @param rulesOff rules that a test switches off */
  constructor(
    machine: MachineOptions,
    steps: readonly PlannedStep[],
    private readonly parameters: ReadonlyMap<string, number>,
    rulesOff: Partial<TestRules> = {},
  ) {
    this.kernel = boot(machine, rulesOff);
    this.steps = [...steps];
    this.keep(0, null);
  }

  /** Steps done. */
  get position(): number {
    return this.at;
  }

  get length(): number {
    return this.steps.length;
  }

  get timeline(): readonly PlannedStep[] {
    return this.steps;
  }

  /** What the step that led to a position gave, as far as it has run. */
  runAt(position: number): StepRun | null {
    return this.runs[position] ?? null;
  }

  /** All that has run, in order. */
  get knownRuns(): readonly StepRun[] {
    return this.runs.filter((run) => run !== undefined);
  }

  /** Carries out the next step; at the end, nothing. */
  next(): StepRun | null {
    const planned = this.steps[this.at];
    if (planned === undefined) return null;
    const position = this.at + 1;
    let run = this.runs[position];
    if (run === undefined) {
      run = runStep(this.kernel, planned, position, this.parameters);
      this.runs[position] = run;
    } else {
      replayStep(this.kernel, planned);
    }
    this.at = position;
    this.keepKeyframe(position);
    return run;
  }

  /** @param position 0 … length */
  seek(position: number): void {
    assert(position >= 0 && position <= this.length, 'a seek stays within the timeline');
    const from = this.nearestKeyframe(position);
    // going on from here is shorter than coming from the keyframe
    if (!(this.at <= position && this.at >= from)) {
      restore(this.kernel, this.keyframes.get(from)!.keyframe);
      this.at = from;
    }
    while (this.at < position) this.next();
  }

  /** Puts a step in at the position; what comes after it will run anew. */
  insert(step: PlannedStep): void {
    this.steps.splice(this.at, 0, step);
    this.forgetAfter(this.at);
  }

  /** Takes all steps out that fail the test, and goes to the position before which `before` steps are left. */
  remove(keep: (step: PlannedStep) => boolean): void {
    const first = this.steps.findIndex((step) => !keep(step));
    if (first < 0) return;
    const left = this.steps.slice(0, this.at).filter(keep).length;
    this.seek(Math.min(this.at, first));
    this.steps.splice(0, this.steps.length, ...this.steps.filter(keep));
    this.forgetAfter(first);
    this.seek(left);
  }

  private forgetAfter(position: number): void {
    for (const kept of this.keyframes.keys()) if (kept > position) this.keyframes.delete(kept);
    this.runs.length = Math.min(this.runs.length, position + 1);
  }

  private keepKeyframe(position: number): void {
    const nearest = this.nearestKeyframe(position);
    const { keyframe, nextEvent } = this.keyframes.get(nearest)!;
    const isFar = position - nearest >= KEYFRAME_STEPS || this.kernel.events.next - nextEvent >= KEYFRAME_EVENTS;
    if (isFar) this.keep(position, keyframe);
  }

  private keep(position: number, previous: Keyframe | null): void {
    const keyframe = capture(this.kernel, previous);
    this.keyframes.set(position, { keyframe, nextEvent: this.kernel.events.next });
  }

  private nearestKeyframe(position: number): number {
    let nearest = 0;
    for (const kept of this.keyframes.keys()) if (kept <= position && kept > nearest) nearest = kept;
    return nearest;
  }
}
