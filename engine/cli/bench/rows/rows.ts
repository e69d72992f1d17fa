import type { BenchRow } from '../row.ts';
import { ENGINE_ROWS } from './engine-rows.ts';
import { MACHINE_ROWS } from './machine-rows.ts';
import { MALLOC_ROWS } from './malloc-rows.ts';
import { POLICY_ROWS } from './policy-rows.ts';
import { SIZE_ROWS } from './size-rows.ts';
import { TIME_ROWS } from './time-rows.ts';
import { WINDOW_ROWS } from './window-rows.ts';

/** Everything that is measured, in the order of the listing. */
export const BENCH_ROWS: readonly BenchRow[] = [
  ...POLICY_ROWS,
  ...ENGINE_ROWS,
  ...MACHINE_ROWS,
  ...MALLOC_ROWS,
  ...TIME_ROWS,
  ...SIZE_ROWS,
  ...WINDOW_ROWS,
];
