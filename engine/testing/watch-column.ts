import { columnOf, type TableCore, type TypedColumn } from '../base/table.ts';

/**
 * Tells of every write to a column's elements while `run` runs. The values are the table's own all the time.
 * @param told row or element, value before, value written
 */
export function watchColumn(
  table: TableCore,
  name: string,
  told: (at: number, before: number, after: number) => void,
  run: () => void,
): void {
  const real = columnOf(table, name);
  const columns = table as unknown as Record<string, TypedColumn>;
  columns[name] = new Proxy(real, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set(target, key, value: number) {
      told(Number(key), target[Number(key)]!, value);
      target[Number(key)] = value;
      return true;
    },
  });
  try {
    run();
  } finally {
    columns[name] = real;
  }
}
