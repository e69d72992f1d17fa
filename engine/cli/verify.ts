import path from 'node:path';
import type { ExitCode, Io } from './io.ts';
import { NativePrograms } from './native/programs.ts';
import { parseOptions } from './options.ts';
import { PROJECT_ROOT } from './project-root.ts';
import { unusable } from './run.ts';
import type { Verification, VerifyPart } from './verify/part.ts';
import { verifyC } from './verify/verify-c.ts';
import { verifyKernel } from './verify/verify-kernel.ts';
import { verifyMalloc } from './verify/verify-malloc.ts';

const OPTIONS = { '--kernel': 'flag', '--malloc': 'flag', '--c': 'flag', '--seeds': 'value' } as const;
const MAX_SEEDS = 100_000;

type Part = (part: VerifyPart, programs: NativePrograms) => Verification | Promise<Verification>;
const PARTS: readonly (readonly [string, Part])[] = [
  ['malloc', verifyMalloc],
  ['kernel', verifyKernel],
  ['c', verifyC],
];

/** `faultline verify`: the same scripts on the lab and on the real system, until the first difference. */
export async function verify(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseOptions(args, OPTIONS);
  if (!parsed.ok) return unusable(io, 'verify', parsed.message);
  const { flags, values, files } = parsed.options;
  if (files.length > 0) return unusable(io, 'verify', `${files[0]} is not read; write faultline verify --seeds 1-100`);
  const range = /^(\d{1,9})-(\d{1,9})$/.exec(values.get('--seeds')?.at(-1) ?? '1-20');
  const seeds = [Number(range?.[1]), Number(range?.[2])] as const;
  if (range === null || seeds[0] > seeds[1] || seeds[1] - seeds[0] >= MAX_SEEDS) {
    return unusable(io, 'verify', `--seeds ${values.get('--seeds')!.at(-1)} is no range; write --seeds 1-100`);
  }
  const parts = flags.size === 0 ? PARTS : PARTS.filter(([name]) => flags.has(`--${name}`));
  const programs = new NativePrograms(path.join(PROJECT_ROOT, 'engine/testing/native'));
  let differs = false;
  try {
    for (const [name, part] of parts) {
      const found = await part({ seeds, folder: path.join(PROJECT_ROOT, 'engine/testing/recorded') }, programs);
      differs ||= found.kind === 'differs';
      io.out(`${report(name, found)}\n`);
    }
  } finally {
    programs.remove();
  }
  return differs ? 1 : 0;
}

function report(name: string, found: Verification): string {
  switch (found.kind) {
    case 'skipped':
      return `${name}: skipped, ${found.why}`;
    case 'equal':
      return `${name}: equal to ${found.system}; ${found.compared}`;
    case 'differs':
      return `${name}: differs from ${found.system} in ${found.difference}\n\n${found.script.trimEnd()}`;
  }
}
