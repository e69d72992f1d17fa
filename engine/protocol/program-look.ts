/** C programs as the window shows them: source, stack and variables, and what a step did to them. */

/** What a line made happen. */
export type LineEvent = 'syscall' | 'fault' | 'swap' | 'cow' | 'signal' | 'finding';

/** What one step did to one task's program. */
export interface ProgramTrail {
  readonly pid: number;
  /** Index of the machine's programs. */
  readonly image: number;
  /** Line that it was at last, 0 when it did not run. */
  readonly last: number;
  readonly ended: boolean;
  /** Lines of which something ran, ascending. */
  readonly lines: readonly number[];
  /** Each once for a line, in the order in which they came. */
  readonly events: readonly { readonly line: number; readonly event: LineEvent }[];
  /** Bytes of stack, variables and heap that are others now: addresses from (inclusive) to (exclusive). */
  readonly changed: readonly (readonly [from: number, to: number])[];
  /** Frame pointers of the functions that were under way before, innermost first. */
  readonly oldFrames: readonly number[];
}

/** A program's text, and where in it a run can stop. */
export interface ProgramSource {
  readonly name: string;
  readonly text: string;
  /** Lines that have code, ascending. */
  readonly stops: readonly number[];
}

/** A task that runs a C program, or ran one until it ended. */
export interface ProgramTask {
  readonly pid: number;
  /** As exec took it. */
  readonly name: string;
  readonly alive: boolean;
  /** It ran in the step just done. */
  readonly acted: boolean;
}

/** Where a pointer leads. */
export interface PointerLook {
  readonly address: number;
  readonly to: 'null' | 'variable' | 'text' | 'function' | 'block' | 'freed' | 'memory' | 'nowhere';
  /** `NULL`, `x`, `block of 40 bytes`, `heap+0`, `freed` … */
  readonly words: string;
  /** The first characters of what a char pointer leads to. */
  readonly text: string | null;
}

/** A variable, or a part of one. */
export interface VariableLook {
  /** Tells it from all others of the task, and stays from step to step: `main@0:p->next`. */
  readonly key: string;
  readonly name: string;
  /** As C writes it. */
  readonly type: string;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  /** `5`, `'x' 120`, `{1, 2, 3}`, empty for a pointer. */
  readonly value: string;
  readonly pointer: PointerLook | null;
  /** The step just done changed one of its bytes. */
  readonly fresh: boolean;
  /** Its declaration has not been reached: what lies there is not its own. */
  readonly unset: boolean;
  /** null: it has no parts. Empty while it is not unfolded. */
  readonly parts: readonly VariableLook[] | null;
  readonly open: boolean;
  /** Elements beyond those. */
  readonly more: number;
}

/** A function under way. */
export interface FrameLook {
  readonly name: string;
  /** null in code without source. */
  readonly line: number | null;
  /** Its frame pointer. */
  readonly base: number;
  /** The step just done called it. */
  readonly fresh: boolean;
  readonly variables: readonly VariableLook[];
}

/** The bytes of a variable. */
export interface BytesLook {
  readonly key: string;
  readonly title: string;
  readonly address: number;
  readonly bytes: readonly number[];
  /** By byte: the member it belongs to, '' for padding. */
  readonly members: readonly string[];
  readonly fresh: readonly boolean[];
  /** Bytes beyond those. */
  readonly more: number;
}

/** Something that a program was found doing. */
export interface FindingLook {
  readonly line: number;
  /** In a few words. */
  readonly mark: string;
  /** What happened and where it comes from, in sentences. */
  readonly text: string;
  /** What an optimising compiler may make of it, or ''. */
  readonly assumes: string;
}

/** Everything the window shows of a task's program at one moment. */
export interface ProgramLook {
  readonly pid: number;
  /** Its name, as exec took it. */
  readonly name: string;
  /** Where it stands; −1 in code without source, or when it has ended. */
  readonly line: number;
  /** It has ended: how. */
  readonly ending: string | null;
  readonly waiting: boolean;
  /** Lines that have run up to here, ascending. */
  readonly ran: readonly number[];
  /** What the step just done made happen, by line. */
  readonly events: ProgramTrail['events'];
  /** What it was found doing up to here, the first first. */
  readonly findings: readonly FindingLook[];
  /** Innermost first. */
  readonly frames: readonly FrameLook[];
  /** Frames further out that are not listed. */
  readonly moreFrames: number;
  readonly globals: readonly VariableLook[];
  readonly bytes: BytesLook | null;
  /** What it has put out, the end of it. */
  readonly output: string;
  /** Other tasks that run the same program, and where they stand. */
  readonly others: readonly { readonly pid: number; readonly line: number }[];
}

/** What the window asks for: parts that are unfolded, and whose bytes are wanted. */
export interface ProgramQuestion {
  readonly pid: number;
  readonly open: readonly string[];
  readonly bytes: string | null;
}
