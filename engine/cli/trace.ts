import { didYouMean } from '../player/text/nearest.ts';
import { formatProblem } from '../player/text/problem.ts';
import { PAGE_LIMIT, POLICY_NAMES, type PolicyName } from '../policy/policy.ts';
import { ReferenceReader, type ReferenceProblem } from '../policy/reference-reader.ts';
import { createReplay, MAX_KEPT_REFERENCES, type Replay } from '../policy/replay.ts';
import type { ExitCode, Io } from './io.ts';
import { parseOptions } from './options.ts';
import { unusable } from './run.ts';

const OPTIONS = { '--policy': 'value', '--frames': 'value', '--seed': 'value', '--json': 'flag' } as const;
const NAMES = POLICY_NAMES.join('|');

/** `faultline trace`: hits and faults of a replacement policy on the page numbers of standard input. */
export async function trace(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = parseOptions(args, OPTIONS);
  if (!parsed.ok) return unusable(io, 'trace', parsed.message);
  const { flags, values, files } = parsed.options;
  if (files.length > 0)
    return unusable(io, 'trace', `${files[0]} is not read; references come from standard input: write < ${files[0]}`);
  const policy = policyOf(values.get('--policy')?.at(-1));
  if (!policy.ok) return unusable(io, 'trace', policy.message);
  const frames = framesOf(values.get('--frames')?.at(-1));
  if (!frames.ok) return unusable(io, 'trace', frames.message);
  const seed = seedOf(values.get('--seed')?.at(-1));
  if (!seed.ok) return unusable(io, 'trace', seed.message);
  const replay = createReplay(policy.value, frames.value, seed.value);
  const problem = await feed(replay, io.stdin());
  if (problem === 'too many') {
    const most = `${policy.value} keeps all references, at most ${MAX_KEPT_REFERENCES}`;
    return unusable(io, 'trace', `${most}; give fewer, or use another policy`);
  }
  if (problem !== null) {
    io.err(`${formatProblem('<stdin>', problem)}\n`);
    return 2;
  }
  const result = { policy: policy.value, frames: frames.value, ...replay.finish() };
  const lines = Object.entries(result).map(([key, value]) => `${key}: ${value}\n`);
  io.out(flags.has('--json') ? `${JSON.stringify(result)}\n` : lines.join(''));
  return 0;
}

/** Reads all references; stops at the first that cannot be read. */
async function feed(replay: Replay, input: AsyncIterable<Uint8Array>): Promise<ReferenceProblem | 'too many' | null> {
  const reader = new ReferenceReader();
  for await (const piece of input) {
    const problem = reader.read(piece);
    if (problem !== null) return problem;
    if (!replay.add(reader.pages, reader.count)) return 'too many';
  }
  const problem = reader.end();
  if (problem !== null) return problem;
  return replay.add(reader.pages, reader.count) ? null : 'too many';
}

type Option<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

function policyOf(text: string | undefined): Option<PolicyName> {
  if (text === undefined) return refused(`no policy is given; write --policy ${NAMES}`);
  const policy = POLICY_NAMES.find((name) => name === text);
  if (policy !== undefined) return { ok: true, value: policy };
  return refused(`--policy ${text} is no policy; ${didYouMean(text, POLICY_NAMES, `use ${POLICY_NAMES.join(', ')}`)}`);
}

function framesOf(text: string | undefined): Option<number> {
  if (text === undefined) return refused('the number of frames is missing; write --frames N');
  const frames = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (frames >= 1 && frames < PAGE_LIMIT) return { ok: true, value: frames };
  return refused(`--frames ${text} is no number of frames; write a whole number from 1, below 2^52`);
}

function seedOf(text = '1'): Option<number> {
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return { ok: true, value: Number(text) };
  return refused(`--seed ${text} is no seed; write 0 … 4294967295`);
}

const refused = (message: string): Option<never> => ({ ok: false, message });
