import { columnOf, type TableCore, type TypedColumn } from '../base/table.ts';

/**
 * How many elements of some tables' columns are read while `run` runs: a count of steps that is the same on every
 * machine. What is written is written; a column that grows meanwhile is read whole, as growing does.
 */
export function countReads(tables: readonly TableCore[], run: () => void): number {
  let reads = 0;
  const restore: (() => void)[] = [];
  for (const table of tables) {
    const columns = table as unknown as Record<string, TypedColumn>;
    for (const name of Object.keys(table.spec)) {
      const real = columnOf(table, name);
      const watched = new Proxy(real, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value === 'number') reads++;
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
        set: (target, key, value: number) => Reflect.set(target, key, value, target),
      });
      columns[name] = watched;
      restore.push(() => {
        if (columns[name] === watched) columns[name] = real;
      });
    }
  }
  try {
    run();
  } finally {
    for (const back of restore) back();
  }
  return reads;
}
