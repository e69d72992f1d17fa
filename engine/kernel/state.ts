import { makeMemoryState } from '../mm/state.ts';
import { type TestRules } from '../mm/test-rules.ts';
import type { Region } from '../proc/image.ts';
import { makeTaskTable, type ProcState } from '../proc/task.ts';
import type { BootImage } from '../protocol/commands.ts';
import { makeHeapTables, type HeapTables } from './heap/tables.ts';
import {
  NO_HOST,
  makeProgramTables,
  type LoadedProgram,
  type ProgramHost,
  type ProgramTables,
} from './program/tables.ts';

/**
 * Everything that is simulated. It changes only through `step`. The tables and `machine` are numbers in typed arrays;
 * `regions` are the names of the console for stretches of address space, the same in every task.
 */
export interface KernelState extends ProcState {
  readonly image: BootImage;
  /** In the order in which they were first named. */
  readonly regions: Region[];
  /** Names of pointers and what else is known of heaps beside their bytes. */
  readonly heapTables: HeapTables;
  /** What C programs have outside of their memory. */
  readonly programs: ProgramTables;
  /** The C programs that the machine has; they never change. */
  readonly images: readonly LoadedProgram[];
  /** Where programs' output goes and input comes from; no part of the state. */
  host: ProgramHost;
}

export function makeKernelState(
  totalFrames: number,
  image: BootImage,
  rules: Partial<TestRules>,
  images: readonly LoadedProgram[] = [],
): KernelState {
  return {
    ...makeMemoryState(totalFrames, rules),
    tasks: makeTaskTable(),
    oomReports: [],
    image,
    regions: [],
    heapTables: makeHeapTables(),
    programs: makeProgramTables(),
    images,
    host: NO_HOST,
  };
}
