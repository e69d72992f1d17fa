import type { Outline, PlayerView, Problem, TimelineMark } from '../../engine/protocol/player.ts';
import type { EventLine, Inspection, Selection, WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import type { StepFigures } from '../../engine/protocol/figures.ts';
import type { StatechartLook, StatechartName } from '../../engine/protocol/statechart-look.ts';
import type { Against, CompareLook, OtherRun } from '../../engine/protocol/compare.ts';
import type { FindLook } from '../../engine/protocol/find.ts';
import type { Stops, WatchLook } from '../../engine/protocol/watch.ts';
import type { WhyStory, WhySubject } from '../../engine/protocol/why.ts';
import type { WalkLook } from '../../engine/protocol/walk-look.ts';
import type { HeapLook } from '../../engine/protocol/heap-look.ts';
import type { Panic } from '../../engine/protocol/worker.ts';
import type { AppInfo, OpenedScenario, Place, Settings } from '../../engine/protocol/window-api.ts';
import { EMPTY_PLAN, type StagePlan } from './plan.ts';

/** What stands over the lab. */
export type SheetName =
  'palette' | 'keys' | 'truth' | 'lessons' | 'words' | 'help' | 'introduction' | 'settings' | 'machine';

/** A command typed by hand with what came of it. */
export interface ConsoleEntry {
  readonly text: string;
  readonly answer: string;
  readonly failed: boolean;
}

/**
 * Everything the views show. Only actions write here. Snapshots are raw: Svelte must never make frame and page arrays
 * deeply reactive.
 */
class Lab {
  scenario = $state.raw<OpenedScenario | null>(null);
  outline = $state.raw<Outline | null>(null);
  marks = $state.raw<readonly TimelineMark[]>([]);
  player = $state.raw<PlayerView | null>(null);
  snapshot = $state.raw<WindowSnapshot | null>(null);
  plan = $state.raw<StagePlan>(EMPTY_PLAN);

  selection = $state.raw<Selection | null>(null);
  inspection = $state.raw<Inspection | null>(null);
  events = $state.raw<readonly EventLine[]>([]);
  firstColumn = $state(0);

  /** The process whose heap stands where physical memory would, −1 for none. */
  heapShown = $state(-1);
  /** A person chose so; until then the script does. */
  heapChosen = $state(false);
  heap = $state.raw<HeapLook | null>(null);

  /** The way through the page tables stands where physical memory would. */
  walkShown = $state(false);
  /** A person chose so; until then the script does. */
  walkChosen = $state(false);
  /** Whose way: it stays with the page while steps go on. */
  walkOf = $state.raw<{ readonly pid: number; readonly page: number } | null>(null);
  walk = $state.raw<WalkLook | null>(null);

  /** What a person put where physical memory would stand; null leaves that room to memory, a heap or a walk. */
  board = $state<'charts' | 'statechart' | 'why' | 'watch' | 'compare' | 'find' | null>(null);
  figures = $state.raw<readonly StepFigures[]>([]);

  statechart = $state.raw<StatechartLook | null>(null);
  /** Which one a person chose; until then the one that the step was busiest in. */
  statechartChosen = $state<StatechartName | null>(null);
  /** Whose inhabitants are listed. */
  stateChosen = $state<string | null>(null);

  /** Whose story is told where physical memory would stand, the story, and the step at which it was asked for. */
  whyOf = $state.raw<WhySubject>({ kind: 'step' });
  why = $state.raw<(WhyStory & { readonly asked: number }) | null>(null);
  /** Somebody walks along the links of the story: it stays as it was told. */
  whyHeld = false;

  /** What the present is compared with; null is the step before, wherever one is. */
  against = $state<Against | null>(null);
  comparison = $state.raw<CompareLook | null>(null);
  /** The run that a branch left behind; null while there is but one. */
  otherRun = $state.raw<OtherRun | null>(null);

  /** What is looked for, and what was found at this step. */
  query = $state('');
  found = $state.raw<FindLook | null>(null);

  /** What is watched, where a run stops, and why it stopped here. */
  watched = $state.raw<readonly string[]>([]);
  stops = $state.raw<Stops>({ events: [], watches: [] });
  stopped = $state.raw<readonly string[]>([]);
  watches = $state.raw<readonly WatchLook[]>([]);

  /** The question before the next step is on the screen. */
  asking = $state(false);
  /** What was answered to it, or to the question of the step just shown. */
  answer = $state<string | null>(null);

  console = $state.raw<readonly ConsoleEntry[]>([]);
  playing = $state(false);
  /** The engine has been at work for a while. */
  busy = $state(false);
  /** Where the lab is, to come back to. */
  place = $state.raw<Place | null>(null);

  /** What is being written in the console. */
  prompt = $state('');
  /** Operations offered at a place of the window. */
  menu = $state.raw<{
    readonly x: number;
    readonly y: number;
    /** What they are done with, in words. */
    readonly of: string;
    readonly operations: readonly { readonly label: string; readonly command: string }[];
  } | null>(null);

  /** A text that could not be used: shown over the lab, which stays usable. */
  refused = $state.raw<{ name: string; problems: readonly Problem[] } | null>(null);
  /** Something outside the engine went wrong: one sentence, dismissed by hand. */
  notice = $state<string | null>(null);
  panic = $state.raw<Panic | null>(null);
  sheet = $state<SheetName | null>(null);
  overlay = $state(false);

  /** Null until main has told them. */
  settings = $state.raw<Settings | null>(null);
  /** What the desktop asks for. */
  systemDark = $state(true);
  systemContrast = $state(false);
  systemStill = $state(false);
  info = $state.raw<AppInfo | null>(null);
  ready = $state(false);

  get dark(): boolean {
    const theme = this.settings?.theme ?? 'system';
    return theme === 'system' ? this.systemDark : theme === 'dark';
  }

  /** High contrast. */
  get contrast(): boolean {
    return this.settings?.contrast ?? this.systemContrast;
  }

  /** Nothing moves: what changed has a ring. */
  get still(): boolean {
    return this.settings?.reducedMotion ?? this.systemStill;
  }

  get report() {
    return this.player?.report ?? null;
  }
}

export const lab = new Lab();
