import { Random } from '../../testing/random.ts';

/** Traces that follow from a seed. Page numbers are below 2^20 unless said otherwise. */

const PAGES = 2 ** 20;
/** An odd number scatters ranks over the pages, each to one of its own. */
const scatter = (rank: number): number => Math.imul(rank, 0x9e3779b1) & (PAGES - 1);

/**
 * Ranks whose frequency falls with rank^-skew. Source: Gray et al., "Quickly Generating Billion-Record Synthetic
 * Databases" (1994), the method that YCSB uses.
 */
export class Zipf {
  private readonly zeta: number;
  private readonly alpha: number;
  private readonly eta: number;

  constructor(
    private readonly count: number,
    private readonly skew: number,
    private readonly random: Random,
  ) {
    let sum = 0;
    for (let rank = 1; rank <= count; rank++) sum += rank ** -skew;
    this.zeta = sum;
    this.alpha = 1 / (1 - skew);
    this.eta = (1 - (2 / count) ** (1 - skew)) / (1 - (1 + 0.5 ** skew) / sum);
  }

  /** 0 is the rank drawn most often. */
  next(): number {
    const u = this.random.next();
    const uz = u * this.zeta;
    if (uz < 1) return 0;
    if (uz < 1 + 0.5 ** this.skew) return 1;
    return Math.min(this.count - 1, Math.floor(this.count * (this.eta * u - this.eta + 1) ** this.alpha));
  }
}

const KINDS = {
  /** Skew 0.99 over a million pages. */
  zipf(trace: Uint32Array, random: Random) {
    const zipf = new Zipf(PAGES, 0.99, random);
    for (let i = 0; i < trace.length; i++) trace[i] = scatter(zipf.next());
  },
  /** Round and round over a little more than fits. */
  scan(trace: Uint32Array) {
    for (let i = 0; i < trace.length; i++) trace[i] = i % 300_000;
  },
  /** A set of pages for a while, then another; one access in ten goes anywhere. */
  phases(trace: Uint32Array, random: Random) {
    let base = 0;
    for (let i = 0; i < trace.length; i++) {
      if (i % 500_000 === 0) base = random.integer(0, PAGES - 1);
      trace[i] = (random.chance(0.1) ? random.integer(0, PAGES - 1) : base + random.integer(0, 99_999)) % PAGES;
    }
  },
} as const;
export type TraceKind = keyof typeof KINDS;

const SEED = 42;
const made = new Map<string, Uint32Array>();

/** A trace of page numbers; the same array for the same question. */
export function pageTrace(kind: TraceKind, accesses: number): Uint32Array {
  const key = `${kind}-${accesses}`;
  let trace = made.get(key);
  if (trace === undefined) {
    trace = new Uint32Array(accesses);
    KINDS[kind](trace, new Random(SEED));
    made.set(key, trace);
  }
  return trace;
}

export const bytesOf = (trace: Uint32Array | BigUint64Array): Uint8Array =>
  new Uint8Array(trace.buffer, trace.byteOffset, trace.byteLength);
