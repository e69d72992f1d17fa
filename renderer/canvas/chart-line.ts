/** One line, or the bars, of a chart. */
export interface ChartLine {
  readonly name: string;
  /** What stands at its end; empty for nothing. */
  readonly end: string;
  readonly colour: string;
  readonly dashed: boolean;
  /** Bars instead of a line, and on which side of their step they stand. */
  readonly bars: -1 | 1 | 0;
  /** By point; null where there is none. */
  readonly values: readonly (number | null)[];
}
