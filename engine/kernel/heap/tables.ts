import { makeTable, type Table, type TableCore } from '../../base/table.ts';

/**
 * What the lab remembers of each process's heap beside the heap itself, which is bytes of the process: names of
 * pointers, what was asked for, what was written, and who wrote where nothing should be. It never decides what the
 * allocator does.
 */

/** Bytes of a pointer's name at most. */
export const POINTER_NAME_BYTES = 12;

/** A pointer by its name in one process. */
export const POINTER_SPEC = {
  pid: 'u16',
  name: ['u8', POINTER_NAME_BYTES], // ASCII, zeros behind
  address: 'f64', // 0 is NULL
  asked: 'f64', // bytes
  event: 'u32', // the call that gave it
  freed: 'u32', // the call that freed its block: the name dangles; 0 while it does not
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
} as const;

/** A stretch [start, end) of a live block that the program has written. Addresses. */
export const WRITTEN_SPEC = { start: 'f64', end: 'f64', next: 'i32' } as const;

/** A store of the program to bytes of the heap that are not its own. */
export const DAMAGE_SPEC = { pid: 'u16', address: 'f64', length: 'f64', event: 'u32', kind: 'u8' } as const;

/** Tasks that have called the allocator. */
export const ALLOCATOR_SPEC = { pid: 'u16' } as const;

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
  readonly allocators: Table<typeof ALLOCATOR_SPEC>;
  readonly environment: Table<typeof ENVIRONMENT_SPEC>;
}

export const makeHeapTables = (): HeapTables => ({
  pointers: makeTable('pointers', POINTER_SPEC, 16),
  blocks: makeTable('blocks', BLOCK_SPEC, 16),
  written: makeTable('written', WRITTEN_SPEC, 16),
  damage: makeTable('damage', DAMAGE_SPEC, 4),
  allocators: makeTable('allocators', ALLOCATOR_SPEC, 4),
  environment: makeTable('environment', ENVIRONMENT_SPEC, 4),
});

/** In a fixed order, for snapshots. */
export const heapTablesOf = (h: HeapTables): TableCore[] =>
  [h.pointers, h.blocks, h.written, h.damage, h.allocators, h.environment] as unknown as TableCore[];

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
