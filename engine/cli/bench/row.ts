/** How much a row does. */
export interface BenchSize {
  /** Accesses of a trace. */
  readonly accesses: number;
  /** Calls of malloc and free together. */
  readonly requests: number;
  readonly rounds: number;
  /** Small enough for a test: figures mean little. */
  readonly quick: boolean;
}

export const FULL_SIZE: BenchSize = { accesses: 10_000_000, requests: 1_000_000, rounds: 5, quick: false };
export const QUICK_SIZE: BenchSize = { accesses: 200_000, requests: 20_000, rounds: 3, quick: true };

/** What a row found, or what it would have needed. */
export type Measured =
  | {
      readonly ratio: number;
      readonly rounds: number;
      /** The figures behind the ratio, in words. */
      readonly detail: string;
    }
  | { readonly skipped: string };

/** Something measured against something else in the same run. A larger ratio is always better. */
export interface BenchRow {
  readonly name: string;
  /** What the ratio is taken against, in words. */
  readonly against: string;
  /** Least ratio wanted; null: a figure to watch. */
  readonly goal: number | null;
  measure(size: BenchSize, tools: BenchTools): Promise<Measured>;
}

/** What rows share: compiled C, and a folder that is removed afterwards. */
export interface BenchTools {
  /** Runs a C program of native/ and returns what it printed, split at white space; or says what is missing. */
  native(
    name: string,
    args: readonly string[],
  ): { readonly ok: true; readonly words: string[] } | { readonly ok: false; readonly missing: string };
  /** Path of a file with these bytes; written once for each name. */
  file(name: string, bytes: () => Uint8Array): string;
}
