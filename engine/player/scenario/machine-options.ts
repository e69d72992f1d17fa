import { MAX_FRAMES, MAX_SWAP_PAGES, MIN_FRAMES } from '../../base/limits.ts';
import type { MachineOptions } from '../../protocol/commands.ts';

/** The machine a script runs on unless it says otherwise: 1 GiB of RAM, no swap. */
export const DEFAULT_MACHINE: MachineOptions = {
  ramPages: 262_144,
  swapPages: 0,
  seed: 1,
  overcommit: 0,
  image: 'program',
};

/** What is wrong with these sizes, by the option's name. */
export function machineProblems(
  options: Pick<MachineOptions, 'ramPages' | 'swapPages'>,
): readonly { readonly option: 'ram' | 'swap'; readonly message: string; readonly remedy: string }[] {
  const problems = [];
  const { ramPages, swapPages } = options;
  if (ramPages < MIN_FRAMES || ramPages > MAX_FRAMES) {
    const message = `RAM of ${ramPages} frames is ${ramPages < MIN_FRAMES ? 'too small' : 'too large'}`;
    problems.push({ option: 'ram' as const, message, remedy: `give ${MIN_FRAMES} to ${MAX_FRAMES} frames` });
  }
  if (swapPages >= MAX_SWAP_PAGES) {
    const remedy = `give fewer than ${MAX_SWAP_PAGES} slots`;
    problems.push({ option: 'swap' as const, message: `swap of ${swapPages} slots is too large`, remedy });
  }
  return problems;
}
