import { spawnSync } from 'node:child_process';
import { parseMallocScript, type ParsedMallocScript } from '../../player/commands/parse-malloc.ts';
import { randomMallocScript } from '../../testing/malloc-script.ts';
import { runMallocScript } from '../exec-malloc.ts';
import type { NativePrograms } from '../native/programs.ts';
import { runNativeMalloc } from './native-malloc.ts';
import type { Verification, VerifyPart } from './part.ts';
import { recordedScripts } from './recorded-scripts.ts';

/** The allocator's source. */
const FOLLOWS = '2.36';

/** The lab's allocator against the C library of the machine: recorded scripts, then three random ones for each seed. */
export function verifyMalloc({ seeds, folder }: VerifyPart, programs: NativePrograms): Verification {
  const runner = programs.program('malloc-runner', ['-fno-builtin']);
  if ('missing' in runner) return { kind: 'skipped', why: `there is no ${runner.missing}` };
  const version = spawnSync(runner.path, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const system = version === FOLLOWS ? `glibc ${version}` : `glibc ${version}, the lab follows ${FOLLOWS}`;
  const sums = { scripts: 0, lines: 0, chance: 0 };
  for (const { name, text } of allScripts(folder, seeds)) {
    const script = parseMallocScript(text);
    if (script.problems.length > 0) continue;
    const { real, ours, at } = compareOnce(runner.path, script);
    if (at >= 0 && dependsOnChance(runner.path, script, real)) {
      sums.chance++;
      continue;
    }
    sums.scripts++;
    sums.lines += real.length;
    if (at < 0) continue;
    const [there, here] = [real, ours].map((lines) => lines[at] ?? 'nothing');
    const difference = `${name}, line ${at + 1}\n  real  ${there}\n  ours  ${here}`;
    return { kind: 'differs', system, difference, script: text };
  }
  const chance = sums.chance === 0 ? '' : `; ${sums.chance} more go differently from run to run there`;
  return { kind: 'equal', system, compared: `${sums.scripts} scripts, ${sums.lines} lines${chance}` };
}

/**
 * @param labScript the script for the lab, when a test wants it to be another
 * @returns both runs' lines, and the index of the first that differs, −1 when there is none
 */
export function compareOnce(
  runner: string,
  script: ParsedMallocScript,
  labScript = script,
): { real: string[]; ours: string[]; at: number } {
  const { lines: real, place } = runNativeMalloc(runner, script);
  const ours: string[] = [];
  runMallocScript(labScript, 1, { out: (line) => void ours.push(line.trimEnd()) }, place);
  return { real, ours, at: firstDifference(real, ours) };
}

/** A broken program may read keys that glibc draws anew in each process: then two real runs differ, too. */
function dependsOnChance(runner: string, script: ParsedMallocScript, first: readonly string[]): boolean {
  return Array.from({ length: 8 }).some(() => firstDifference(runNativeMalloc(runner, script).lines, first) >= 0);
}

function* allScripts(folder: string, [from, to]: VerifyPart['seeds']): Generator<{ name: string; text: string }> {
  yield* recordedScripts(`${folder}/malloc`);
  for (let seed = from; seed <= to; seed++) {
    yield { name: `seed ${seed}`, text: randomMallocScript(seed, 'defined') };
    yield { name: `seed ${seed}, a broken program`, text: randomMallocScript(seed, 'broken') };
    yield { name: `seed ${seed}, in any environment`, text: randomMallocScript(seed, 'tuned') };
  }
}

/** An endless walk through a damaged list is ended from outside there, and found out here. */
const withoutLoops = (line: string | undefined): string | undefined =>
  line?.replace(/"died":"endless loop in a [a-z]+"/, '"died":"SIGKILL"');

/** Index of the first line that differs, −1 when there is none. */
function firstDifference(real: readonly string[], ours: readonly string[]): number {
  for (let i = 0; i < Math.max(real.length, ours.length); i++) {
    if (real[i] !== withoutLoops(ours[i])) return i;
  }
  return -1;
}
