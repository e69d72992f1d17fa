import type { DesignFigures } from '../malloc/designs/index.ts';

const COLUMN = 10;

/** One line of the listing: the step's number, the request, and a column for each design. */
export function stepRow(step: string, request: string, cells: readonly string[]): string {
  const columns = cells.map((cell) => ` ${cell.padStart(COLUMN - 1)}`).join('');
  return `${step.padStart(4)}  ${request.padEnd(22)}${columns}`.trimEnd();
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;

/** Rows of the table below the steps, in words. */
const ROWS: readonly (readonly [string, (figures: DesignFigures) => string])[] = [
  ['asked for', (f) => `${f.asked}`],
  ['blocks in use', (f) => `${f.inUse}`],
  ['lost inside', (f) => percent(f.internal)],
  ['free', (f) => `${f.free}`],
  ['largest free', (f) => `${f.largestFree}`],
  ['lost between', (f) => percent(f.external)],
  ['bookkeeping apart', (f) => `${f.own}`],
  ['from the system', (f) => `${f.held}`],
  ['at most', (f) => `${f.peak}`],
  ['refused', (f) => `${f.refused}`],
  ['system calls', (f) => `${f.systemCalls}`],
  ['looked at', (f) => `${f.looks}`],
  ['splits', (f) => `${f.splits}`],
  ['merges', (f) => `${f.merges}`],
];

/** Figures of every design side by side. Bytes, shares and counts. */
export function figureTable(results: readonly (DesignFigures & { readonly design: string })[]): string {
  const head = stepRow(
    '',
    'at the end',
    results.map(({ design }) => design),
  );
  const rows = ROWS.map(([what, text]) => stepRow('', what, results.map(text)));
  return `${[head, ...rows].join('\n')}\n`;
}
