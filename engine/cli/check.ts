import { counted } from '../player/narrate/words.ts';
import type { ExitCode, Io } from './io.ts';
import { parseOptions } from './options.ts';
import { unusable } from './run.ts';
import { readScenarios } from './scenario-files.ts';

/** `faultline check FILE…`: everything about scenarios that can be said without running them. */
export async function check(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseOptions(args, {});
  if (!parsed.ok) return unusable(io, 'check', parsed.message);
  const { files } = parsed.options;
  if (files.length === 0) return unusable(io, 'check', 'no scenario is given; write faultline check FILE');
  const scenarios = readScenarios(files, {}, io);
  if (scenarios === null) return 2;
  for (const { name, scenario } of scenarios) {
    const claims = scenario.steps.reduce((sum, step) => sum + step.expect.length, 0);
    io.out(`${name}: ${counted(scenario.steps.length, 'step')}, ${counted(claims, 'claim')}, nothing wrong\n`);
  }
  return 0;
}
