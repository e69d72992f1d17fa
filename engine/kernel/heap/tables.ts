import { makeTable, type Table, type TableCore } from '../../base/table.ts';

/**
 * What the lab remembers of each process's heap beside the heap itself, which is bytes of the process: names of
 * pointers, what was asked for, what was written, and who wrote where nothing should be. It never decides what the
 * allocator does.
 */

/** Bytes of a pointer's name at most: what C17 5.2.4.1 promises of an external name. */
export const POINTER_NAME_BYTES = 31;

/** A pointer by its name in one process. */
export const POINTER_SPEC = {
  pid: 'u16',
  name: ['u8', POINTER_NAME_BYTES], // ASCII, zeros behind
  address: 'f64', // 0 is NULL
  asked: 'f64', // bytes
  event: 'u32', // the call that gave it
  freed: 'u32', // the call that freed its block: the name dangles; 0 while it does not
  nameLeft: 'i32', // in the tree by name
  nameRight: 'i32',
  placeLeft: 'i32', // in the tree by address
  placeRight: 'i32',
} as const;

/** A block as the program asked for it, until its bytes are given out again. */
export const BLOCK_SPEC = {
  pid: 'u16',
  address: 'f64',
  asked: 'f64',
  usable: 'f64',
  born: 'u32', // event
  freed: 'u32', // event, 0 while live
  written: 'i32', // first stretch of it that was written, −1 none
  left: 'i32', // in the tree by address
  right: 'i32',
  reach: 'f64', // the highest end of a block from here down
} as const;

/** A stretch [start, end) of a live block that the program has written. Addresses. */
export const WRITTEN_SPEC = { start: 'f64', end: 'f64', next: 'i32' } as const;

/** A store of the program to bytes of the heap that are not its own. */
export const DAMAGE_SPEC = { pid: 'u16', address: 'f64', length: 'f64', event: 'u32', kind: 'u8' } as const;

/** A chunk that was freed and not sorted yet: its header does not tell. */
export const UNSORTED_SPEC = { address: 'f64', left: 'i32', right: 'i32' } as const;

/** Tasks that have called the allocator, with the roots of their trees; see trees.ts. */
export const ALLOCATOR_SPEC = {
  pid: 'u16',
  blocks: 'i32', // by address
  names: 'i32', // pointers by name
  places: 'i32', // pointers by address
  unsorted: 'i32', // chunks by address
  asked: 'f64', // bytes that the live blocks were asked for
  held: 'f64', // bytes from the system, now and at most
  peak: 'f64',
  systemCalls: 'u32', // carried out or refused
  looks: 'f64', // free blocks, or words of a directory, that were looked at to find room
} as const;

/** Tasks whose allocator is another than glibc's; see chosen-design.ts. */
export const DESIGN_SPEC = {
  pid: 'u16',
  design: 'u8', // index in DESIGN_NAMES
} as const;

export const VARIABLE_BYTES = { name: 48, value: 208 } as const;
/** The environment of the first program, in the order in which it was set. */
export const ENVIRONMENT_SPEC = {
  name: ['u8', VARIABLE_BYTES.name],
  value: ['u8', VARIABLE_BYTES.value],
} as const;

export interface HeapTables {
  readonly pointers: Table<typeof POINTER_SPEC>;
  readonly blocks: Table<typeof BLOCK_SPEC>;
  readonly written: Table<typeof WRITTEN_SPEC>;
  readonly damage: Table<typeof DAMAGE_SPEC>;
  readonly unsorted: Table<typeof UNSORTED_SPEC>;
  readonly allocators: Table<typeof ALLOCATOR_SPEC>;
  readonly environment: Table<typeof ENVIRONMENT_SPEC>;
  readonly designs: Table<typeof DESIGN_SPEC>;
}

export const makeHeapTables = (): HeapTables => ({
  pointers: makeTable('pointers', POINTER_SPEC, 16),
  blocks: makeTable('blocks', BLOCK_SPEC, 16),
  written: makeTable('written', WRITTEN_SPEC, 16),
  damage: makeTable('damage', DAMAGE_SPEC, 4),
  unsorted: makeTable('unsorted', UNSORTED_SPEC, 4),
  allocators: makeTable('allocators', ALLOCATOR_SPEC, 4),
  environment: makeTable('environment', ENVIRONMENT_SPEC, 4),
  designs: makeTable('designs', DESIGN_SPEC, 4),
});

/** In a fixed order, for snapshots. */
export const heapTablesOf = (h: HeapTables): TableCore[] =>
  [
    h.pointers,
    h.blocks,
    h.written,
    h.damage,
    h.unsorted,
    h.allocators,
    h.environment,
    h.designs,
  ] as unknown as TableCore[];

/** Writes ASCII text into a fixed field of a row, zeros behind. */
export function storeText(column: Uint8Array, row: number, width: number, text: string): void {
  for (let i = 0; i < width; i++) column[row * width + i] = i < text.length ? text.charCodeAt(i) & 0xff : 0;
}

export function loadText(column: Uint8Array, row: number, width: number): string {
  let text = '';
  for (let i = 0; i < width && column[row * width + i] !== 0; i++)
    text += String.fromCharCode(column[row * width + i]!);
  return text;
}
