import type { TestRules } from '../mm/test-rules.ts';
import type { Problem, StepReport } from '../protocol/player.ts';
import { Journal } from './journal.ts';
import type { Scenario } from './scenario/scenario.ts';

export interface Rehearsal {
  /** Stands at the end. */
  readonly journal: Journal;
  readonly reports: readonly StepReport[];
  /** What the script says and the engine does not confirm. */
  readonly problems: readonly Problem[];
}

/**
 * Plays a scenario once from start to end.
 * @param rulesOff rules of the kernel that a test switches off
 */
export function rehearse(scenario: Scenario, rulesOff: Partial<TestRules> = {}): Rehearsal {
  const journal = journalOf(scenario, rulesOff);
  const problems = rehearseSteps(journal);
  return { journal, reports: journal.knownRuns.map((run) => run.report), problems };
}

/** A scenario's machine at the start of its timeline. */
export function journalOf(scenario: Scenario, rulesOff: Partial<TestRules> = {}): Journal {
  const steps = scenario.steps.map((step, i) => ({ step, scriptStep: i + 1 }));
  return new Journal(scenario.machine, steps, scenario.parameters, rulesOff);
}

/** Goes on to the end; what the script says and the engine does not confirm, of all steps that have run. */
export function rehearseSteps(journal: Journal): Problem[] {
  while (journal.next() !== null);
  return journal.knownRuns.flatMap((run) => run.problems);
}
