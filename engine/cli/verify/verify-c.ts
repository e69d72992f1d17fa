import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { LIBRARY_PROGRAMS } from '../../testing/c-library-programs.ts';
import { randomBatch, randomProgram, splitBatch } from '../../c/testing/random-batch.ts';
import { PRELUDE } from '../../c/testing/prelude.ts';
import type { ExitCode, Io } from '../io.ts';
import type { NativePrograms } from '../native/programs.ts';
import { runProgram } from '../run-program.ts';
import type { Verification, VerifyPart } from './part.ts';

/** What a program put out and how it ended; 128 + n for signal n. */
export interface ProgramEnd {
  readonly stdout: string;
  readonly status: number;
}

/** Programs of several seeds in one: gcc takes longer to start than to compile. */
const BATCH = 20;
const TIMEOUT_MS = 20_000;

/** The lab's C against the machine's gcc -O0 and C library: programs of the tests, then a random one for each seed. */
export async function verifyC({ seeds }: VerifyPart, programs: NativePrograms): Promise<Verification> {
  const version = spawnSync('gcc', ['-dumpfullversion'], { encoding: 'utf8' });
  if (version.error !== undefined) return { kind: 'skipped', why: 'there is no gcc' };
  const system = `gcc ${version.stdout.trim()} -O0`;
  for (const [name, text] of Object.entries(LIBRARY_PROGRAMS)) {
    const difference = firstDifference(runNative(programs.folder, text), await runInLab(text));
    if (difference !== null) return { kind: 'differs', system, difference: `“${name}”, ${difference}`, script: text };
  }
  for (let first = seeds[0]; first <= seeds[1]; first += BATCH) {
    const text = PRELUDE + randomBatch(first, Math.min(BATCH, seeds[1] + 1 - first));
    const real = runNative(programs.folder, text);
    const ours = await runInLab(text);
    const difference = firstDifference(real, ours);
    if (difference === null) continue;
    const seed = seedOf(real, ours) ?? first;
    const script = `${PRELUDE}${randomProgram(seed)}`;
    return { kind: 'differs', system, difference: `seed ${seed}, ${difference}`, script };
  }
  const count = Object.keys(LIBRARY_PROGRAMS).length;
  return { kind: 'equal', system, compared: `${count} programs, ${seeds[1] + 1 - seeds[0]} random ones` };
}

function runNative(folder: string, text: string): ProgramEnd {
  writeFileSync(path.join(folder, 'p.c'), text);
  execFileSync('gcc', ['-O0', '-w', '-fno-stack-protector', '-o', 'p', 'p.c', '-lm'], { cwd: folder, stdio: 'pipe' });
  const done = spawnSync('./p', { cwd: folder, encoding: 'latin1', timeout: TIMEOUT_MS, env: {} });
  return { stdout: done.stdout, status: done.status ?? 128 + constants.signals[done.signal!] };
}

async function runInLab(text: string): Promise<ProgramEnd> {
  const parts: string[] = [];
  const none = new Uint8Array(0);
  const io: Io = {
    out: () => undefined,
    err: () => undefined,
    write: (fd, bytes) => void (fd === 1 && parts.push(Buffer.from(bytes).toString('latin1'))),
    writeFile: () => undefined,
    readFile: () => ({ ok: true, text }),
    isFolder: () => false,
    readStdin: () => Promise.resolve(''),
    readInput: () => none,
    async *stdin() {
      yield none;
    },
  };
  const status: ExitCode = await runProgram(['p.c'], io);
  return { stdout: parts.join(''), status };
}

/** What a NaN's sign prints as is not C's to say. */
const linesOf = ({ stdout }: ProgramEnd): string[] => stdout.replaceAll('-nan', 'nan').split('\n');

/** @returns null when both put out the same and ended alike */
export function firstDifference(real: ProgramEnd, ours: ProgramEnd): string | null {
  const [there, here] = [linesOf(real), linesOf(ours)];
  for (let i = 0; i < Math.max(there.length, here.length); i++) {
    if (there[i] === here[i]) continue;
    return `line ${i + 1}\n  real  ${there[i] ?? 'nothing'}\n  ours  ${here[i] ?? 'nothing'}`;
  }
  return real.status === ours.status ? null : `its end\n  real  status ${real.status}\n  ours  status ${ours.status}`;
}

/** The seed whose program of a batch goes differently, null when all that ran are equal. */
function seedOf(real: ProgramEnd, ours: ProgramEnd): number | null {
  const here = splitBatch(linesOf(ours));
  for (const [seed, lines] of splitBatch(linesOf(real)))
    if (here.get(seed)?.join('\n') !== lines.join('\n')) return seed;
  return null;
}
