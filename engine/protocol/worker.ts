/** Calls from the window to the engine's worker, and what comes back. One reply a call, in order. */
import type {
  Completion,
  OpenReply,
  OperationHelp,
  Outline,
  PlayerView,
  Problem,
  TimelineMark,
  TypedStep,
} from './player.ts';
import type { FiguresLook } from './figures.ts';
import type { HeapLook } from './heap-look.ts';
import type { ProgramLook, ProgramQuestion, ProgramSource, ProgramTask } from './program-look.ts';
import type { StatechartLook, StatechartName } from './statechart-look.ts';
import type { Against, CompareLook, OtherRun } from './compare.ts';
import type { FindLook } from './find.ts';
import type { Stops, WatchLook } from './watch.ts';
import type { WhyStory, WhySubject } from './why.ts';
import type { WalkLook } from './walk-look.ts';
import type { EventLine, Inspection, Selection, StageShape, WindowSnapshot } from './snapshot.ts';

/** Where the lab is: the player's place and the pictures' data. */
export interface LabState {
  readonly player: PlayerView;
  readonly snapshot: WindowSnapshot;
  /** Claims that failed, and commands that failed without being expected to, in the steps done so far. */
  readonly failed: number;
  /** What the script wants the eye on. */
  readonly shown: Selection | null;
  /** The process whose heap the script wants in view here, −1 for none: then it is physical memory. */
  readonly heapShown: number;
  /** Tasks with C programs. */
  readonly programs: readonly ProgramTask[];
  /** Why a run stops here, in words; empty where it does not. */
  readonly stopped: readonly string[];
  /** Steps and marks, when they changed. */
  readonly timeline: { readonly outline: Outline; readonly marks: readonly TimelineMark[] } | null;
}

export interface OpenedLab {
  readonly reply: OpenReply;
  /** null when the text could not be used; the lab before it stays as it was. */
  readonly state: LabState | null;
  /** One per step of the script, for small scenarios; else empty. */
  readonly shapes: readonly StageShape[];
}

/** What is known of a scenario that was begun once it has run to its end. */
export interface RehearsedLab {
  /** Empty when the engine confirms the script. */
  readonly problems: readonly Problem[];
  readonly marks: readonly TimelineMark[];
  readonly shapes: readonly StageShape[];
}

export interface TypedLab {
  /** Empty when the command was carried out. */
  readonly problems: readonly Problem[];
  readonly state: LabState;
}

/** The lab's own rules broke: what a person can send to somebody who can mend it. */
export interface Panic {
  readonly message: string;
  readonly report: string;
}

/** files: C programs that lie beside the scenario, by their names. */
export type OpeningArguments = [
  name: string,
  text: string,
  typed: readonly TypedStep[],
  position: number,
  files?: Readonly<Record<string, string>>,
];

/** Name of a call → its arguments and its value. */
export interface EngineCalls {
  open: { args: OpeningArguments; value: OpenedLab };
  /** As `open`, without marks and shapes of steps to come: the first picture sooner. `rehearse` has to follow. */
  begin: { args: OpeningArguments; value: OpenedLab };
  rehearse: { args: []; value: RehearsedLab };
  next: { args: []; value: LabState };
  back: { args: []; value: LabState };
  seek: { args: [position: number]; value: LabState };
  type: { args: [text: string]; value: TypedLab };
  discardTyped: { args: []; value: LabState };
  typedSteps: { args: []; value: readonly TypedStep[] };
  complete: { args: [text: string, cursor: number]; value: readonly Completion[] };
  help: { args: []; value: readonly OperationHelp[] };
  /** The heap of a process; null while it has none. */
  heap: { args: [pid: number]; value: HeapLook | null };
  /** Texts of the machine's C programs. */
  sources: { args: []; value: readonly ProgramSource[] };
  /** What keeps a text from being a program: nothing, or the first thing. */
  checkProgram: { args: [name: string, text: string]; value: readonly Problem[] };
  /** Functions of the library that programs can call. */
  library: { args: []; value: readonly string[] };
  /** A task's C program; null when it never ran one. */
  program: { args: [question: ProgramQuestion]; value: ProgramLook | null };
  /** The way of a page through the tables; null where there are none: real mode, or no such process. */
  walk: { args: [pid: number, page: number]; value: WalkLook | null };
  /** What was watched shows from the start to here. */
  watch: { args: [texts: readonly string[]]; value: readonly WatchLook[] };
  /** Where runs stop from now on. */
  stops: { args: [stops: Stops]; value: readonly string[] };
  /** On, or back, to where something stops it. */
  run: { args: [direction: 1 | -1]; value: LabState };
  /** Where an address, bytes, a number or words are. */
  find: { args: [query: string]; value: FindLook };
  /** What differs between the present and another moment; null where there is no such moment. */
  compare: { args: [against: Against]; value: CompareLook | null };
  /** Keeps the run as it is as the other one; what is done from now on is done to this one alone. */
  branch: { args: []; value: OtherRun };
  /** The other run becomes this one, and this one the other. */
  switchRun: { args: []; value: LabState };
  /** One step of the other run alone. */
  stepOther: { args: [direction: 1 | -1]; value: OtherRun };
  dropOther: { args: []; value: null };
  /** The chain of causes behind a thing; null where there is no such thing. */
  why: { args: [subject: WhySubject]; value: WhyStory | null };
  /** A statechart with who is in which state. */
  statechart: { args: [name: StatechartName]; value: StatechartLook };
  /** What charts are drawn from. */
  figures: { args: []; value: FiguresLook };
  inspect: { args: [selection: Selection]; value: Inspection | null };
  /** Events of the step just done. */
  events: { args: []; value: readonly EventLine[] };
}
export type EngineCallName = keyof EngineCalls;

export interface EngineRequest<Name extends EngineCallName = EngineCallName> {
  readonly id: number;
  readonly call: Name;
  readonly args: EngineCalls[Name]['args'];
}

/** The worker's first message, before it has loaded the engine. */
export interface EngineStarted {
  readonly started: true;
}

export type EngineReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown; readonly ms: number }
  | { readonly id: number; readonly ok: false; readonly panic: Panic };
