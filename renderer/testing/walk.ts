import { Player } from '../../engine/player/player.ts';
import type { KernelState } from '../../engine/kernel/index.ts';
import type { Outline, TimelineMark } from '../../engine/protocol/player.ts';
import type { LabState } from '../../engine/protocol/worker.ts';
import type { Selection, WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import type { DrawList } from '../canvas/draw-list.ts';
import { EMPTY_PLAN, extendPlan, type StagePlan } from '../stores/plan.ts';
import { buildStage } from '../canvas/scene.ts';
import { EngineHost } from '../worker/engine-host.ts';
import type { ScenarioText } from './scenarios.ts';

/** One step of a scenario as the window gets it, and as a second engine has it. */
export interface Moment {
  readonly step: number;
  readonly state: LabState;
  readonly snapshot: WindowSnapshot;
  readonly plan: StagePlan;
  readonly host: EngineHost;
  /** The state of a player that nobody draws: what a snapshot is held against. */
  readonly kernel: KernelState;
}

export interface Opened {
  readonly host: EngineHost;
  readonly state: LabState;
  readonly plan: StagePlan;
  readonly outline: Outline;
  readonly marks: readonly TimelineMark[];
}

/** An opened lab. Throws with the scenario's problems when it is refused. */
export function openHost({ name, text }: ScenarioText): Opened {
  const host = new EngineHost();
  const { reply, state, shapes } = host.answer('open', [name, text, [], 0]);
  if (!reply.ok || state === null) throw new Error(`${name} is refused: ${JSON.stringify(reply.problems)}`);
  const plan = extendPlan(shapes.reduce(extendPlan, EMPTY_PLAN), state.snapshot);
  return { host, state, plan, outline: reply.outline, marks: reply.marks };
}

/** Every step of a scenario from the start, each visited once. Host and kernel go on with the walk. */
export function* walk(scenario: ScenarioText): Generator<Moment> {
  const opened = openHost(scenario);
  const { host } = opened;
  const player = new Player();
  player.open(scenario.text);
  let { state, plan } = opened;
  for (let step = 0; ; step++) {
    plan = extendPlan(plan, state.snapshot);
    yield { step, state, snapshot: state.snapshot, plan, host, kernel: player.kernel! };
    if (step === state.player.length) return;
    state = host.answer('next', []);
    player.next();
  }
}

/** The moment behind a number of steps; nothing goes on from there. */
export function momentAt(scenario: ScenarioText, step: number): Moment {
  for (const moment of walk(scenario)) if (moment.step === step) return moment;
  throw new Error(`${scenario.name} has fewer than ${step} steps`);
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Panes of the stage in windows of 960×600, 1280×720, 1920×1080 and 3840×2160, and one that is absurdly small. */
export const PANES: readonly Size[] = [
  { width: 936, height: 236 },
  { width: 1256, height: 356 },
  { width: 1896, height: 640 },
  { width: 3816, height: 1560 },
  { width: 300, height: 120 },
];

/** The stage of a moment, with what a selection lights. */
export function stageOf(moment: Moment, { width, height }: Size, selection: Selection | null = null): DrawList {
  const lit = selection === null ? null : (moment.host.answer('inspect', [selection])?.lit ?? null);
  return buildStage(moment.snapshot, { plan: moment.plan, width, height, selection, lit, firstColumn: 0 });
}
