import type { FuzzCase } from './fuzz-script.ts';
import { fuzzCase } from './fuzz-script.ts';
import { modelWatch, report, runCase, type Watch } from './fuzz.ts';
import type { KernelState } from '../kernel/index.ts';

/** Every so many scripts one that the reference model follows too. */
const MODEL_EVERY = 200;
/** Larger machines take long to check, and run out of nothing: only one seed in so many may have one. Frames. */
const MOST_FRAMES = 256;
const LARGE_EVERY = 16;
const COMMANDS = 150;

export interface Soaked {
  /** Commands that were carried out and checked. */
  readonly commands: number;
  readonly scripts: number;
  /** Seed, problem and shrunk script of each script that failed. */
  readonly failures: readonly string[];
}

/** Which random scripts, and how much of them. */
export interface SoakOrder {
  /** Seeds are this one, and from there on every `stride`-th: several processes share them without overlap. */
  readonly firstSeed: number;
  readonly stride: number;
  /** Commands to carry out at least. */
  readonly commands: number;
}

/**
 * Random scripts from a seed on, each command checked, until so many commands were carried out.
 * @param told after each script, with what was reached so far and its seed
 */
export function soak(order: SoakOrder, told: (soFar: Soaked, seed: number) => void): Soaked {
  const reached = { commands: 0, scripts: 0 };
  const failures: string[] = [];
  const counting =
    (watch: (k: KernelState) => Watch) =>
    (k: KernelState): Watch => {
      const look = watch(k);
      return (...given) => {
        reached.commands++;
        return look(...given);
      };
    };
  for (let seed = order.firstSeed; reached.commands < order.commands; seed += order.stride) {
    const fuzz = scriptOf(seed);
    if (fuzz === null) continue;
    const watch = fuzz.vocabulary === 'core' ? modelWatch : (): Watch => () => null;
    if (runCase(fuzz, counting(watch)) !== null) failures.push(report(fuzz, watch));
    reached.scripts++;
    told({ ...reached, failures }, seed);
  }
  return { ...reached, failures };
}

function scriptOf(seed: number): FuzzCase | null {
  const fuzz = fuzzCase(seed, seed % MODEL_EVERY === 0 ? 'core' : 'all', COMMANDS);
  const small = fuzz.options.ramPages <= MOST_FRAMES;
  return fuzz.vocabulary === 'core' || small || seed % LARGE_EVERY === 0 ? fuzz : null;
}
