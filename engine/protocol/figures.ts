/** What charts are drawn from: the machine at the end of each step. */
export interface StepFigures {
  /** 0 … length */
  readonly position: number;
  /** Virtual time since boot. */
  readonly timeNs: number;
  /** Frames. */
  readonly free: number;
  readonly cached: number;
  /** Pages promised, and the limit that overcommit mode 2 would hold them to. */
  readonly committed: number;
  readonly commitLimit: number;
  /** Slots. */
  readonly swapUsed: number;
  /** Faults of the step, all tasks. */
  readonly minflt: number;
  readonly majflt: number;
  /** Who lives, ascending. */
  readonly tasks: readonly TaskFigures[];
}

export interface TaskFigures {
  readonly pid: number;
  /** Pages. */
  readonly rss: number;
  readonly pss: number;
  readonly swap: number;
  /** Bytes asked for and not freed; null while the task has not called its allocator. */
  readonly asked: number | null;
  /** Bytes that its allocator has from the system. */
  readonly held: number;
}

/** Positions up to the present one, ascending: all of a small scenario, those visited of a large one. */
export interface FiguresLook {
  readonly steps: readonly StepFigures[];
}
