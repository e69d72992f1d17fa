import type { BenchRow } from '../row.ts';

/** What only a window can measure. */
export const WINDOW_ROWS: readonly BenchRow[] = [
  {
    name: 'window/start',
    against: 'a bare Electron window',
    goal: 1 / 1.5,
    measure: async () => ({ skipped: 'needs a display: npm run bench:startup measures it' }),
  },
  {
    name: 'window/cells',
    against: 'an idle frame, 1 M cells all changing',
    goal: 1 / 1.1,
    measure: async () => ({ skipped: 'needs a display and nobody measures it yet' }),
  },
];
