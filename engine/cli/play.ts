import type { StepReport } from '../protocol/player.ts';
import { counted } from '../player/narrate/words.ts';
import { rehearse, type Rehearsal } from '../player/rehearse.ts';
import { formatProblem } from '../player/text/problem.ts';
import type { ExitCode, Io } from './io.ts';
import { MACHINE_FLAGS, machineFlags, sayHypothetical } from './machine-flags.ts';
import { parseOptions } from './options.ts';
import { unusable } from './run.ts';
import { readScenarios, type ScenarioFile } from './scenario-files.ts';

const OPTIONS = { '--json': 'flag', '--schema': 'flag', '--to': 'value', ...MACHINE_FLAGS } as const;

interface Played extends ScenarioFile {
  readonly rehearsal: Rehearsal;
}

/** `faultline play SCENARIO…`: plays scenarios and judges their claims; prints nothing unless all can be used. */
export async function play(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseOptions(args, OPTIONS);
  if (!parsed.ok) return unusable(io, 'play', parsed.message);
  const { flags, values, files } = parsed.options;
  if (flags.has('--schema')) {
    const { scenarioJsonSchemaText } = await import('../player/scenario/json-schema.ts');
    io.out(scenarioJsonSchemaText());
    return 0;
  }
  if (files.length === 0) return unusable(io, 'play', 'no scenario is given; write faultline play SCENARIO');
  const machine = machineFlags(parsed.options);
  if (!machine.ok) return unusable(io, 'play', machine.message);
  sayHypothetical(io, machine.machine);
  const to = values.get('--to')?.at(-1);
  if (to !== undefined && !/^[1-9]\d{0,6}$/.test(to))
    return unusable(io, 'play', `--to ${to} is no step; write a number from 1`);
  const scenarios = readScenarios(files, { machine: machine.machine, parameters: machine.settings }, io);
  if (scenarios === null) return 2;
  const played = playAll(scenarios, to === undefined ? Infinity : Number(to), io);
  if (played === null) return 2;
  for (const each of played) (flags.has('--json') ? printJson : printText)(each, io);
  return played.some(({ rehearsal }) => rehearsal.reports.some((report) => !report.ok)) ? 1 : 0;
}

/** Plays every scenario before anything is printed: what the engine does not confirm makes one unusable. */
function playAll(scenarios: readonly ScenarioFile[], to: number, io: Io): Played[] | null {
  const played: Played[] = [];
  let usable = true;
  for (const { name, scenario } of scenarios) {
    if (Number.isFinite(to) && to > scenario.steps.length) {
      io.err(`${name}: --to ${to} comes after the last step; write 1 … ${scenario.steps.length}\n`);
      usable = false;
      continue;
    }
    const part = { ...scenario, steps: scenario.steps.slice(0, to) };
    const rehearsal = rehearse(part);
    for (const problem of rehearsal.problems) io.err(`${formatProblem(name, problem)}\n`);
    usable &&= rehearsal.problems.length === 0;
    played.push({ name, scenario, rehearsal });
  }
  return usable ? played : null;
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

function printJson({ scenario, rehearsal }: Played, io: Io): void {
  const { reports } = rehearsal;
  for (const report of reports) {
    const { index, say, ok, hash } = report;
    const expect = report.expect.map((e) => ({ text: e.text, ok: e.ok, got: e.got, line: e.line }));
    io.out(line({ step: index, chapter: scenario.chapters[report.chapter]!.title, say, ok, expect, hash }));
  }
  const claims = reports.flatMap((report) => report.expect);
  io.out(line({ steps: reports.length, expects: claims.length, failed: claims.filter((c) => !c.ok).length }));
}

function printText({ name, scenario, rehearsal }: Played, io: Io): void {
  for (const report of rehearsal.reports) {
    io.out(
      `${report.ok ? 'ok  ' : 'FAIL'} ${report.index}  ${scenario.chapters[report.chapter]!.title}: ${caption(report)}\n`,
    );
    for (const claim of report.expect) {
      if (claim.ok) continue;
      const message = `this does not hold: ${claim.text}`;
      io.err(`${formatProblem(name, { ...claim, message, remedy: `the engine measured ${claim.got}` })}\n`);
    }
  }
  const claims = rehearsal.reports.flatMap((report) => report.expect);
  const failed = claims.filter((c) => !c.ok).length;
  io.out(
    `${scenario.title}: ${counted(rehearsal.reports.length, 'step')}, ${counted(claims.length, 'claim')}, ${failed} failed\n`,
  );
}

/** What the step says, else what it did; on one line. */
const caption = ({ say, narration }: StepReport): string => (say || narration.sentence).replace(/\s+/g, ' ');
