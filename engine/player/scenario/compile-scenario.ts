import { MAX_STEPS } from '../../base/limits.ts';
import { sysctlRange, sysctlTakes } from '../../mm/sysctl.ts';
import type { SysctlName, SysctlValues } from '../../protocol/sysctls.ts';
import { DEFAULT_TLB } from '../../mm/tlb.ts';
import type { MachineOptions, TlbShape } from '../../protocol/commands.ts';
import type { Problem } from '../../protocol/player.ts';
import { RESERVED_NAMES } from '../expression/names.ts';
import { FEATURE_IDS } from '../feature-ids.ts';
import { lineMapOf } from '../text/line-map.ts';
import { didYouMean } from '../text/nearest.ts';
import { inReadingOrder, placed, type TextProblem } from '../text/problem.ts';
import { StepCompiler } from './compile-step.ts';
import { DEFAULT_MACHINE, machineProblems } from './machine-options.ts';
import { programsOf } from './programs.ts';
import { settingsProblem, type MachineSettings } from './machine-settings.ts';
import { FileReader } from './file-reader.ts';
import { readYaml } from './read-yaml.ts';
import type { Scenario, ScenarioStep } from './scenario.ts';
import { checkSchema } from './schema-problems.ts';
import type { ScenarioText } from './schema.ts';
import { parsePages } from './size.ts';

/** What a host sets for one run, over what the file says. */
export interface RunOptions {
  /** Text of a file beside the scenario; null where there is none. */
  readonly files?: (name: string) => string | null;
  readonly machine?: Partial<MachineOptions>;
  readonly parameters?: Readonly<Record<string, number>>;
}

export type CompiledScenario =
  { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads and checks a scenario's text without running anything; all problems are collected, in reading order. */
export function compileScenario(source: string, run: RunOptions = {}): CompiledScenario {
  const lines = lineMapOf(source);
  const refuse = (problems: readonly TextProblem[]): CompiledScenario => ({
    ok: false,
    problems: inReadingOrder(problems.map((p) => placed(p, lines))),
  });
  const read = readYaml(source);
  if (!read.ok) return refuse(read.problems);
  const { problems, text, sureUpTo } = checkSchema(read.file);
  if (text === null) return refuse(problems);
  const reader = new FileReader(read.file, lines.at, parametersOf(text, run));
  const scenario = compile(text, reader, run);
  const all = [...problems, ...reader.problems.filter(({ start }) => start < sureUpTo)];
  return all.length > 0 ? refuse(all) : { ok: true, scenario };
}

function parametersOf(text: ScenarioText, run: RunOptions): Map<string, number> {
  const set = Object.entries(run.parameters ?? {}).filter(([name]) => name in (text.parameters ?? {}));
  return new Map([...Object.entries(text.parameters ?? {}), ...set]);
}

function compile(text: ScenarioText, reader: FileReader, run: RunOptions): Scenario {
  checkFeatures(text, reader);
  checkParameters(reader, run);
  const programs = programsOf(text, reader, run);
  const machine: MachineOptions = { ...machineOf(text, reader, run), ...(programs.length > 0 ? { programs } : {}) };
  const steps: ScenarioStep[] = [];
  const chapters: { title: string; firstStep: number }[] = [];
  const compiler = new StepCompiler(reader, machine.image, programs);
  text.chapters.forEach((chapter, c) => {
    chapters.push({ title: reader.text(['chapters', c, 'title']).text, firstStep: steps.length + 1 });
    chapter.steps.forEach((step, s) => steps.push(compiler.step(step, ['chapters', c, 'steps', s], c)));
  });
  if (steps.length > MAX_STEPS) {
    reader.report(['chapters'], `the scenario has ${steps.length} steps, more than ${MAX_STEPS}`, 'split it');
  }
  return {
    title: reader.text(['title']).text,
    summary: reader.text(['summary']).text,
    features: text.features ?? [],
    machine,
    parameters: reader.parameters,
    chapters,
    steps,
  };
}

function checkFeatures(text: ScenarioText, reader: FileReader): void {
  text.features?.forEach((id, i) => {
    if (!FEATURE_IDS.has(id))
      reader.report(['features', i], `${id} is no feature`, 'use an id of the feature list, such as B2');
  });
}

function checkParameters(reader: FileReader, run: RunOptions): void {
  for (const name of reader.parameters.keys()) {
    const taken = RESERVED_NAMES.has(name) || /^p\d+$/.test(name);
    if (taken) reader.report(['parameters', name], `${name} has a meaning of its own`, 'choose another name', 'key');
  }
  for (const name of Object.keys(run.parameters ?? {})) {
    if (reader.parameters.has(name)) continue;
    const remedy = didYouMean(name, reader.parameters.keys(), 'leave it out');
    reader.report(['parameters'], `the scenario has no parameter ${name}`, remedy);
  }
}

function machineOf(text: ScenarioText, reader: FileReader, run: RunOptions): MachineOptions {
  const own = text.machine ?? {};
  const written: Partial<MachineOptions> = {
    ...(own.ram === undefined ? {} : { ramPages: pagesAt(['machine', 'ram'], reader) }),
    ...(own.swap === undefined ? {} : { swapPages: pagesAt(['machine', 'swap'], reader) }),
    ...(own.overcommit === undefined ? {} : { overcommit: own.overcommit as 0 | 1 | 2 }),
    ...(own.seed === undefined ? {} : { seed: own.seed }),
    ...(own.image === undefined ? {} : { image: own.image }),
    ...(own['page-size'] === undefined ? {} : { pageSize: own['page-size'] }),
    ...(own.sysctl === undefined ? {} : { sysctls: sysctlsOf(own.sysctl, reader) }),
    ...settingsOf(own, reader),
    ...(text.programs === undefined || own.check === false ? {} : { checked: true }),
  };
  const options: MachineOptions = { ...DEFAULT_MACHINE, ...written, ...run.machine };
  for (const { option, message, remedy } of machineProblems(options))
    reader.report(['machine', option], message, remedy);
  return options;
}

function sysctlsOf(written: NonNullable<ScenarioText['machine']>['sysctl'], reader: FileReader): SysctlValues {
  for (const [name, value] of Object.entries(written ?? {}) as [SysctlName, number][]) {
    if (sysctlTakes(name, value)) continue;
    reader.report(['machine', 'sysctl', name], `${name} does not take ${value}`, `write ${sysctlRange(name)}`);
  }
  return Object.fromEntries(Object.entries(written ?? {}).filter(([, value]) => value !== undefined));
}

function settingsOf({ tlb, cost, thp }: NonNullable<ScenarioText['machine']>, reader: FileReader): MachineSettings {
  const settings: MachineSettings = {
    ...(tlb === undefined ? {} : { tlb: { ...DEFAULT_TLB, ...(tlb as Partial<TlbShape>) } }),
    ...(thp === undefined ? {} : { thp }),
    ...(cost === undefined ? {} : { costs: cost as NonNullable<MachineSettings['costs']> }),
  };
  const problem = settingsProblem(settings);
  if (problem === null) return settings;
  reader.report(['machine', 'tlb'], problem, 'write tlb: { entries: 64, ways: 4, policy: lru }');
  return {};
}

function pagesAt(path: readonly string[], reader: FileReader): number {
  const { text } = reader.text(path);
  const pages = parsePages(text);
  if (pages !== null) return pages;
  reader.report(path, `${text} is no size`, 'write frames such as 64, or 256K, 1M, 1G');
  return path[1] === 'ram' ? DEFAULT_MACHINE.ramPages : 0;
}
