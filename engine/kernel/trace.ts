import { EVENT } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { createPolicy } from '../policy/create-policy.ts';
import type { PolicyName } from '../policy/policy.ts';
import type { MachineDirective } from '../protocol/commands.ts';
import type { Outcome } from './outcome.ts';
import type { KernelState } from './state.ts';

/**
 * Plays references against a rule of replacement, on frames that are not the machine's: a calculation beside it, so
 * that rules can be compared on the same string. @returns the faults, and F or h for each reference
 */
export function traceReferences(k: KernelState, command: Extract<MachineDirective, { op: '@trace' }>): Outcome {
  const { frames, pages } = command;
  const rule: PolicyName = k.rules.arrivalIsForgotten && command.policy === 'fifo' ? 'lru' : command.policy;
  const policy = createPolicy(rule, frames, k.machine.seed[0]!, Float64Array.from(pages));
  const trace = pages.map((page) => (policy.access(page) ? 'h' : 'F')).join('');
  const faults = [...trace].filter((letter) => letter === 'F').length;
  emit(k.events, EVENT.REFERENCES_PLAYED, -1, -1, faults, pages.length);
  return { ret: faults, trace };
}
