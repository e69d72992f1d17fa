import type { Pid } from '../../base/units.ts';
import type { RunUntil } from '../../protocol/commands.ts';
import type { KernelState } from '../state.ts';
import { Process } from './process.ts';
import { runRule } from './stops.ts';

/** Why a program cannot be run to there, or null. */
export function whyNotRun(k: KernelState, task: Pid, until: RunUntil | null): string | null {
  if (until === null || runRule(k, new Process(k, task).image, until) !== null) return null;
  if (until.kind === 'line') return `the program has no statement at line ${until.line} or behind it`;
  return until.kind === 'function' ? `the program has no function ${until.name}` : null;
}
