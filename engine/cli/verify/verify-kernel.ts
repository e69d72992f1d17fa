import { accessSync, constants, readFileSync } from 'node:fs';
import os from 'node:os';
import { parseScript } from '../../player/commands/parse-script.ts';
import { compareRecorded, parseLines, type RecordedLine } from '../../testing/compare-recorded.ts';
import { fuzzCase } from '../../testing/fuzz-script.ts';
import { Random } from '../../testing/random.ts';
import { exec } from '../exec.ts';
import type { NativePrograms } from '../native/programs.ts';
import { isSupported } from './kernel-calls.ts';
import { MAX_PROCESSES } from './kernel-session.ts';
import { MachineSettings } from './machine-settings.ts';
import { fits, NativeKernel } from './native-kernel.ts';
import type { Verification, VerifyPart } from './part.ts';
import { recordedScripts } from './recorded-scripts.ts';
import { hasFreeZram } from './zram-swap.ts';

/** The kernel's source. */
const FOLLOWS = '6.18';
/** Nothing but what the source says may be in the worker's address space, and no vector register is saved on its stack. */
export const FREESTANDING = [
  '-nostdlib', '-static', '-no-pie', '-ffreestanding', '-fno-stack-protector', '-fcf-protection=none',
  '-fno-asynchronous-unwind-tables', '-fno-tree-loop-distribute-patterns', '-mno-sse', '-Wl,-z,noseparate-code',
  '-Wl,--build-id=none',
]; // prettier-ignore
/** Commands of a random script. */
const COMMANDS = 60;

/** The lab against the kernel of the machine: recorded scripts, then a random one for each seed. */
export async function verifyKernel(part: VerifyPart, programs: NativePrograms): Promise<Verification> {
  const missing = whatIsMissing();
  if (missing !== null) return { kind: 'skipped', why: missing };
  const worker = programs.program('kernel-worker', FREESTANDING);
  if ('missing' in worker) return { kind: 'skipped', why: `there is no ${worker.missing}` };
  const settings = new MachineSettings();
  try {
    return await compareAll(worker.path, part, settings);
  } finally {
    settings.restore();
  }
}

function whatIsMissing(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is no Linux on x86-64';
  if (process.getuid?.() !== 0) return 'it wants root, for /proc/kpagecount and page frame numbers';
  try {
    for (const file of ['/proc/kpagecount', '/proc/kpageflags']) accessSync(file, constants.R_OK);
    accessSync('/proc/sys/vm/overcommit_memory', constants.W_OK);
    return null;
  } catch (error) {
    return `the kernel does not show what is wanted: ${(error as Error).message}`;
  }
}

async function compareAll(worker: string, part: VerifyPart, settings: MachineSettings): Promise<Verification> {
  const release = os.release();
  const system = release.startsWith(`${FOLLOWS}.`)
    ? `Linux ${release}`
    : `Linux ${release}, the lab follows ${FOLLOWS}`;
  const ramPages = Math.floor(Number(/MemTotal: *(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))![1]) / 4);
  const cpu = os.cpus().length - 1;
  const canSwap = hasFreeZram();
  const sums = { scripts: 0, steps: 0, left: 0 };
  for (const { name, text } of allScripts(part)) {
    const { commands, problems } = parseScript(text);
    const canRun = fits(commands) && commands.every(({ command }) => isSupported(command));
    if (problems.length > 0 || !canRun || (!canSwap && commands.some(({ command }) => command.op === '@swap'))) {
      sums.left++;
      continue;
    }
    const real = await NativeKernel.run(worker, cpu, ramPages, commands, settings);
    const found = compareRecorded(real, await linesOfLab(text));
    sums.scripts++;
    sums.steps += real.length;
    if (found.length > 0) return { kind: 'differs', system, difference: told(name, found), script: text };
  }
  const left = sums.left === 0 ? '' : `; ${sums.left} left out, which want more than can be done to a machine in use`;
  return { kind: 'equal', system, compared: `${sums.scripts} scripts, ${sums.steps} steps${left}` };
}

function told(name: string, found: readonly string[]): string {
  const more = found.length > 4 ? `\n  and ${found.length - 4} more` : '';
  return `${name}, the real one first\n  ${found.slice(0, 4).join('\n  ')}${more}`;
}

/** What `faultline exec --json` prints for the script. */
export async function linesOfLab(script: string): Promise<RecordedLine[]> {
  let printed = '';
  const nothing = { ok: false, why: 'there are no files' } as const;
  await exec(['--json'], {
    out: (text) => void (printed += text),
    err: () => undefined,
    readFile: () => nothing,
    isFolder: () => false,
    write: () => undefined,
    writeFile: () => undefined,
    readStdin: async () => script,
    readInput: () => new Uint8Array(0),
    async *stdin() {
      yield new TextEncoder().encode(script);
    },
  });
  return parseLines(printed);
}

function* allScripts({ folder, seeds: [from, to] }: VerifyPart): Generator<{ name: string; text: string }> {
  yield* recordedScripts(folder);
  for (let seed = from; seed <= to; seed++) yield { name: `seed ${seed}`, text: randomKernelScript(seed) };
}

/**
 * What `fuzzCase` makes, without what a machine in use cannot do, does when it likes (MADV_FREE), or does wherever there
 * is room (a move that the kernel chooses the place of), and without files, whose page cache such a machine shares. A call that frees frames and fills pages at once may get the
 * same frames again, which nobody can tell from outside: scripts have MAP_FIXED over what is there, or populate.
 */
export function randomKernelScript(seed: number): string {
  const refills = seed % 2 === 0 ? /mmap .* fixed / : /populate|locked|future/;
  const isTooMuch = (line: string): boolean =>
    / free$|maymove( dontunmap)?$|\bfile\b/.test(line) ||
    refills.test(line) ||
    [...line.matchAll(/\bp(\d+)\b/g)].some((m) => Number(m[1]) >= MAX_PROCESSES);
  const lines = fuzzCase(seed, 'all', COMMANDS).lines.filter((line) => !isTooMuch(line));
  // A line whose task was never forked, now that lines are missing, is a problem and no command.
  const { commands } = parseScript(lines.join('\n'));
  const possible = commands.filter(({ command }) => 'task' in command && isSupported(command));
  const texts = possible.map(({ text }) => text);
  return `${(seed % 4 < 2 ? texts : withSwap(texts, seed)).join('\n')}\n`;
}

/** A swap device, and pages that go out to it after they were written. */
function withSwap(lines: readonly string[], seed: number): string[] {
  const random = new Random(seed);
  const swapped = lines.flatMap((line) => {
    const [, task, range] = /^(p\d) touch_w (\S+ \d+ \d+)/.exec(line) ?? [];
    return task === undefined || !random.chance(0.5) ? [line] : [line, `${task} madvise ${range} pageout`];
  });
  return ['@swap zram 64', ...swapped];
}
