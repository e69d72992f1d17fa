import { extendRows, makeTable, type Table, type TableCore } from '../../base/table.ts';
import type { Pid } from '../../base/units.ts';
import type { Image } from '../../c/index.ts';
import { makeShadowTables, shadowTablesOf, type ShadowTables } from './shadow/tables.ts';

/** Registers of the processor as halves of 32 bits. */
const REGISTER_WORDS = 128;
const SIGNAL_ROWS = 65;
/** File descriptors that a program may have open at once. */
export const MAX_DESCRIPTORS = 32;

/** What a program waits for. */
export const WAITING = ['nothing', 'child', 'time', 'signal'] as const;
export type Waiting = (typeof WAITING)[number];

/**
 * One row per task, row N for pN: what a C program has outside of its memory. Signal n is at index n of its columns.
 * Source of the idea: Linux struct pt_regs, struct sighand_struct.
 */
export const PROCESS_SPEC = {
  image: 'u16', // 1 + index in the machine's programs; 0 for a task that runs none
  registers: ['i32', REGISTER_WORDS],
  pc: 'f64', // bytes from the start of the text
  waiting: 'u8', // index in WAITING
  waitsFor: 'f64', // a child's number as the program knows it, or virtual ns
  awake: 'u8', // the time it slept for is over
  mask: ['u32', 2], // blocked signals, bit n − 1 for signal n
  pending: ['u32', 2],
  pendingCode: ['i32', SIGNAL_ROWS],
  pendingValue: ['f64', SIGNAL_ROWS],
  handler: ['f64', SIGNAL_ROWS], // address; 0 is SIG_DFL, 1 SIG_IGN
  actionFlags: ['i32', SIGNAL_ROWS],
  actionMask: ['u32', SIGNAL_ROWS * 2],
  descriptors: ['i32', MAX_DESCRIPTORS], // 1 + row of openFiles; 0 closed
} as const;

/** What an open file reads or writes. */
export const FILE_KINDS = ['stdin', 'stdout', 'stderr', 'file', 'proc'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** Open files, shared by descriptors that were duplicated or inherited. Source: Linux struct file. */
export const OPEN_FILE_SPEC = {
  kind: 'u8', // index in FILE_KINDS
  users: 'u32', // descriptors
  object: 'i32', // of a file
  proc: 'u8', // index in TASK_FILES, or behind them in MACHINE_FILES
  task: 'i32', // whose /proc file it is
  flags: 'u32', // as open(2) was given them
  offset: 'f64', // bytes
} as const;

/** What programs have put out, a byte a row. */
export const OUTPUT_SPEC = { byte: 'u8', fd: 'u8', pid: 'u16' } as const;

/** Longest secret, bytes. */
export const SECRET_BYTES = 64;
/** Texts that nobody should find: every place that holds one is looked for when somebody asks. */
export const SECRET_SPEC = {
  text: ['u8', SECRET_BYTES],
  mark: 'u16', // of its first byte, 0 while none was seen; the others follow
} as const;

/** Bytes that were marked as secret: what each was. */
export const SECRET_BYTE_SPEC = {
  byte: 'u8',
  ofText: 'u8', // 1 for a byte of a text that was named
} as const;

/** Numbers of all programs together. */
export const RUNTIME_SPEC = {
  instructions: 'f64', // since boot
  written: 'f64', // bytes of output
  slice: 'f64', // instructions before the next process has its turn
  readBytes: 'f64', // of standard input
  outputLimit: 'f64', // bytes that programs may put out
} as const;

/** Instructions of one turn. */
const DEFAULT_SLICE = 20_000;

export interface ProgramTables {
  readonly processes: Table<typeof PROCESS_SPEC>;
  readonly openFiles: Table<typeof OPEN_FILE_SPEC>;
  readonly output: Table<typeof OUTPUT_SPEC>;
  readonly runtime: Table<typeof RUNTIME_SPEC>;
  readonly secrets: Table<typeof SECRET_SPEC>;
  readonly secretBytes: Table<typeof SECRET_BYTE_SPEC>;
  readonly shadow: ShadowTables;
}

/** Output that is kept for whoever looks. */
const DEFAULT_OUTPUT_LIMIT = 2 ** 20;

export function makeProgramTables(): ProgramTables {
  const tables = {
    processes: makeTable('processes', PROCESS_SPEC, 1),
    openFiles: makeTable('openFiles', OPEN_FILE_SPEC, 4),
    output: makeTable('output', OUTPUT_SPEC, 16),
    runtime: makeTable('runtime', RUNTIME_SPEC, 1),
    secrets: makeTable('secrets', SECRET_SPEC, 1),
    secretBytes: makeTable('secretBytes', SECRET_BYTE_SPEC, 1),
    shadow: makeShadowTables(),
  };
  extendRows(tables.runtime, 1);
  extendRows(tables.shadow.machine, 1);
  tables.runtime.slice[0] = DEFAULT_SLICE;
  tables.runtime.outputLimit[0] = DEFAULT_OUTPUT_LIMIT;
  return tables;
}

/** In a fixed order, for snapshots. */
export const programTablesOf = (p: ProgramTables): TableCore[] =>
  [
    p.processes,
    p.openFiles,
    p.output,
    p.runtime,
    p.secrets,
    p.secretBytes,
    ...shadowTablesOf(p.shadow),
  ] as unknown as TableCore[];

/** A C program that the machine has, compiled: what tasks can run by its name. It never changes. */
export interface LoadedProgram {
  readonly name: string;
  readonly text: string;
  readonly image: Image;
}

/** What programs read and write outside of the machine. Without a host, output is kept in its table. */
export interface ProgramHost {
  /** Takes bytes of standard output or error. */
  readonly write: ((fd: 1 | 2, bytes: Uint8Array) => void) | null;
  /** Bytes of standard input from a position on, at most so many; none at its end. */
  readonly read: (position: number, length: number) => Uint8Array;
  /** Sees each instruction ahead of it: a program that is watched runs at less than half its speed. */
  readonly watch?: InstructionWatch;
}

/** @param pc bytes from the start of the text */
export type InstructionWatch = (task: Pid, image: Image, pc: number) => void;

/** Output is kept, input has ended at once. */
export const NO_HOST: ProgramHost = { write: null, read: () => new Uint8Array(0) };
