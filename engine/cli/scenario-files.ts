import { compileScenario, type RunOptions } from '../player/scenario/compile-scenario.ts';
import type { Scenario } from '../player/scenario/scenario.ts';
import { formatProblem } from '../player/text/problem.ts';
import type { Io } from './io.ts';

export interface ScenarioFile {
  /** As messages name it. */
  readonly name: string;
  readonly scenario: Scenario;
}

/** Reads all scenarios, or says everything that is wrong in any of them and gives null. */
export function readScenarios(paths: readonly string[], run: RunOptions, io: Io): readonly ScenarioFile[] | null {
  const files: ScenarioFile[] = [];
  let usable = true;
  for (const path of paths) {
    const name = io.isFolder(path) ? `${path.replace(/\/+$/, '')}/scenario.yaml` : path;
    const read = io.readFile(name);
    if (!read.ok) {
      io.err(`${name}: ${read.why}; give a scenario or the folder that holds scenario.yaml\n`);
      usable = false;
      continue;
    }
    const folder = name.replace(/[^/]*$/, '');
    const beside = (file: string): string | null => {
      const found = io.readFile(`${folder}${file}`);
      return found.ok ? found.text : null;
    };
    const compiled = compileScenario(read.text, { ...run, files: beside });
    if (compiled.ok) {
      files.push({ name, scenario: compiled.scenario });
    } else {
      for (const problem of compiled.problems) io.err(`${formatProblem(name, problem)}\n`);
      usable = false;
    }
  }
  return usable ? files : null;
}
