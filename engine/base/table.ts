import { assert } from './assert.ts';

/** Element types a column can have. */
export interface ColumnTypes {
  u8: Uint8Array<ArrayBuffer>;
  u16: Uint16Array<ArrayBuffer>;
  u32: Uint32Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  f64: Float64Array<ArrayBuffer>;
}
export type ColumnType = keyof ColumnTypes;
export type TypedColumn = ColumnTypes[ColumnType];
/** A column is its element type, or `[type, elements per row]`. */
export type TableSpec = Readonly<Record<string, ColumnType | readonly [ColumnType, number]>>;
type TypeOf<C> = C extends ColumnType ? C : C extends readonly [infer T extends ColumnType, number] ? T : never;

const constructors = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f64: Float64Array,
} as const;

/** Bookkeeping that every table has beside its columns. */
export interface TableCore<S extends TableSpec = TableSpec> {
  readonly tableName: string;
  readonly spec: S;
  /** Rows that have ever been used; rows at and beyond it hold nothing. */
  rows: number;
  /** The most rows there ever were: from there on the columns still hold the zeros they were made with. */
  fresh: number;
  /** Rows in use now. */
  liveRows: number;
  capacity: number;
  /** First row of the chain of freed rows, −1 when there is none. */
  freeHead: number;
  /** Next freed row after a freed row; IN_USE for a row in use. */
  link: Int32Array<ArrayBuffer>;
}
export type Table<S extends TableSpec> = TableCore<S> & { -readonly [K in keyof S]: ColumnTypes[TypeOf<S[K]>] };

const IN_USE = -2;

const typeAndStride = (c: TableSpec[string]): readonly [ColumnType, number] => (typeof c === 'string' ? [c, 1] : c);

/** Column array, untyped view: for the codec and for growing only. */
export function columnOf(table: TableCore, name: string): TypedColumn {
  return (table as unknown as Record<string, TypedColumn>)[name]!;
}
export function strideOf(table: TableCore, name: string): number {
  return typeAndStride(table.spec[name]!)[1];
}

/**
 * A struct of arrays that grows by doubling. Columns are plain properties (`table.start[row]`), so a read is one
 * typed-array access; growing replaces them, so never keep a column across a call that may allocate a row.
 */
export function makeTable<const S extends TableSpec>(tableName: string, spec: S, capacity: number): Table<S> {
  const core: TableCore<S> = {
    tableName,
    spec,
    rows: 0,
    fresh: 0,
    liveRows: 0,
    capacity,
    freeHead: -1,
    link: new Int32Array(capacity),
  };
  // From entries at once: an object that grows by more than a dozen computed names becomes a dictionary, whose reads
  // cost tens of times as much.
  const columns = Object.fromEntries(
    Object.entries(spec).map(([name, column]) => {
      const [type, stride] = typeAndStride(column);
      return [name, new constructors[type](capacity * stride)];
    }),
  );
  return { ...core, ...columns } as unknown as Table<S>;
}

/** Makes room for `rows` rows, keeping what is there. */
export function reserveRows(table: TableCore, rows: number): void {
  if (rows <= table.capacity) return;
  let capacity = Math.max(1, table.capacity);
  while (capacity < rows) capacity *= 2;
  const target = table as unknown as Record<string, TypedColumn>;
  for (const name of Object.keys(table.spec)) {
    const [type, stride] = typeAndStride(table.spec[name]!);
    const wider = new constructors[type](capacity * stride);
    wider.set(target[name]! as never);
    target[name] = wider;
  }
  const link = new Int32Array(capacity);
  link.set(table.link);
  table.link = link;
  table.capacity = capacity;
}

/**
 * Rows up to `rows` exist and are in use. New ones hold zeros, whatever an earlier run left in the spare capacity:
 * going back in time and forward again must give the same bytes.
 */
export function extendRows(table: TableCore, rows: number): void {
  if (rows <= table.rows) return;
  reserveRows(table, rows);
  clearRows(table, table.rows, Math.min(rows, table.fresh));
  table.fresh = Math.max(table.fresh, rows);
  table.link.fill(IN_USE, table.rows, rows);
  table.liveRows += rows - table.rows;
  table.rows = rows;
}

/** A row with every column zero: the one freed last, else a new one. */
export function allocRow(table: TableCore): number {
  let row = table.freeHead;
  if (row >= 0) {
    table.freeHead = table.link[row]!;
  } else {
    row = table.rows;
    reserveRows(table, row + 1);
    table.rows = row + 1;
  }
  table.link[row] = IN_USE;
  table.liveRows++;
  if (row < table.fresh) clearRows(table, row, row + 1);
  else table.fresh = row + 1;
  return row;
}

export function freeRow(table: TableCore, row: number): void {
  if (!isLive(table, row)) assert(false, `${table.tableName} row ${row} is freed once`);
  table.link[row] = table.freeHead;
  table.freeHead = row;
  table.liveRows--;
}

export function isLive(table: TableCore, row: number): boolean {
  return row >= 0 && row < table.rows && table.link[row] === IN_USE;
}

function clearRows(table: TableCore, from: number, to: number): void {
  if (from >= to) return;
  for (const name of Object.keys(table.spec)) {
    const stride = strideOf(table, name);
    columnOf(table, name).fill(0, from * stride, to * stride);
  }
}
