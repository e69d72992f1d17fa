import type { TestRules } from '../mm/state.ts';
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
  const steps = scenario.steps.map((step, i) => ({ step, scriptStep: i + 1 }));
  const journal = new Journal(scenario.machine, steps, scenario.parameters, rulesOff);
  const reports: StepReport[] = [];
  const problems: Problem[] = [];
  for (let run = journal.next(); run !== null; run = journal.next()) {
    reports.push(run.report);
    problems.push(...run.problems);
  }
  return { journal, reports, problems };
}
