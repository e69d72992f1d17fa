import { makeTable, type Table, type TableCore } from '../../../base/table.ts';
import { PAGE_SIZE } from '../../../base/units.ts';

/** Shadow state of one byte of a program that is checked. */
export const SHADOW = {
  /** Nobody has stored here since the memory was given out. */
  UNDEFINED: 1,
  /** In a block that was freed. */
  FREED: 2,
  /** The allocator's own, behind the end of a block, or between variables. */
  OUTSIDE: 4,
  /** A saved frame pointer or return address. */
  FRAME: 8,
} as const;

/**
 * The shadow of one page of a process's heap, stack or variables, by virtual address as valgrind's memcheck keeps it: so
 * a page may be swapped, copied or moved without it. Pages nobody keeps a row of are defined and may be anything.
 */
export const SHADOW_PAGE_SPEC = {
  owner: 'u32', // 1 + the process's number since boot; never given out twice
  page: 'f64', // virtual page
  state: ['u8', PAGE_SIZE], // flags of SHADOW
  type: ['u8', PAGE_SIZE], // effective type: index in TYPE_CLASSES
  writer: ['i32', PAGE_SIZE / 4], // 1 + instruction that stored there last; 0 nobody
} as const;

/** Blocks of the heap, also those that were freed: what is there now, or was last. */
export const SHADOW_BLOCK_SPEC = {
  owner: 'u32',
  address: 'f64',
  size: 'f64', // as it was asked for
  usable: 'f64',
  live: 'u8',
  zeroed: 'u8', // calloc
  allocated: 'u32', // line of the call
  freed: 'u32', // line of the call
  serial: 'f64', // order of the last change
} as const;

/** Stretches that the allocator got from the break: what lies there outside of blocks is its own. */
export const SHADOW_ARENA_SPEC = { owner: 'u32', start: 'f64', end: 'f64' } as const;

/** Row N is task pN: by register, a bit for each of its eight bytes that is undefined. */
export const SHADOW_TASK_SPEC = {
  owner: 'u32', // the process that is checked, from its first instruction on; 0 none
  undefined: ['u8', 64],
  marks: ['u16', 512], // by byte of a register: the secret it was copied from
  from: ['f64', 64], // the address they were loaded from
} as const;

/** What was found; each once for a place in the source. */
export const FINDING_SPEC = {
  kind: 'u8', // index in FINDING_KINDS
  task: 'u16',
  owner: 'u32',
  image: 'u16', // index in the machine's programs
  line: 'u32',
  column: 'u32',
  address: 'f64',
  size: 'f64', // bytes of the access, or of the block
  cause: 'u8', // index in CAUSES
  causeLine: 'u32', // 0 unknown
  more: 'f64', // what the cause needs beside: a size, a distance, a length
  type: 'u8', // of the access; index in TYPE_CLASSES
  otherType: 'u8', // effective
  stores: 'u8', // a store and not a load
  times: 'u32',
  name: 'i32', // index in the image's names, of the variable; −1 none
} as const;

/** Numbers of all checking together. */
export const SHADOW_MACHINE_SPEC = {
  on: 'u8', // programs are checked from their exec on
  serial: 'f64',
  trap: 'u8', // the processor raises SIGBUS on misaligned accesses
} as const;

export interface ShadowTables {
  readonly pages: Table<typeof SHADOW_PAGE_SPEC>;
  readonly blocks: Table<typeof SHADOW_BLOCK_SPEC>;
  readonly arenas: Table<typeof SHADOW_ARENA_SPEC>;
  readonly tasks: Table<typeof SHADOW_TASK_SPEC>;
  readonly findings: Table<typeof FINDING_SPEC>;
  readonly machine: Table<typeof SHADOW_MACHINE_SPEC>;
}

export const makeShadowTables = (): ShadowTables => ({
  pages: makeTable('shadowPages', SHADOW_PAGE_SPEC, 1),
  blocks: makeTable('shadowBlocks', SHADOW_BLOCK_SPEC, 1),
  arenas: makeTable('shadowArenas', SHADOW_ARENA_SPEC, 1),
  tasks: makeTable('shadowTasks', SHADOW_TASK_SPEC, 1),
  findings: makeTable('findings', FINDING_SPEC, 1),
  machine: makeTable('shadowMachine', SHADOW_MACHINE_SPEC, 1),
});

/** In a fixed order, for snapshots. */
export const shadowTablesOf = (s: ShadowTables): TableCore[] =>
  [s.pages, s.blocks, s.arenas, s.tasks, s.findings, s.machine] as unknown as TableCore[];
