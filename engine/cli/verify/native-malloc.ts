import { spawnSync } from 'node:child_process';
import { MALLOPT, type FlatPlace } from '../../malloc/index.ts';
import type { MallocCommand } from '../../player/commands/parse-malloc-command.ts';
import { loopNames } from '../../protocol/library-calls.ts';
import type { ParsedMallocScript } from '../../player/commands/parse-malloc.ts';

/** Longest a script may take before it counts as endless. */
const TIMEOUT_MS = 2_000;

export interface NativeMallocRun {
  /** As `faultline exec --malloc` prints them. */
  readonly lines: string[];
  readonly place: FlatPlace;
}

/** Runs a malloc script with the machine's C library. */
export function runNativeMalloc(runner: string, { commands, environment }: ParsedMallocScript): NativeMallocRun {
  const slots = new Slots();
  const input = commands.map(({ command }) => `${coded(command, slots)}\n`).join('');
  const run = spawnSync(runner, {
    input,
    env: Object.fromEntries(environment),
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 28,
  });
  const [place, ...answers] = run.stdout.split('\n').slice(0, -1);
  const lines = answers.map((members, i) => jsonLine(i, commands[i]!.text, members));
  const ended = commands[lines.length];
  if (run.signal === null) lines.push(JSON.stringify({ exit: run.status, stderr: run.stderr }));
  else {
    if (ended !== undefined) lines.push(jsonLine(lines.length, ended.text, `"died":${JSON.stringify(run.signal)}`));
    lines.push(JSON.stringify({ exit: -SIGNAL_NUMBERS[run.signal]!, stderr: run.stderr }));
  }
  const [heap, library] = (place ?? '').split(' ').map(Number);
  return { lines, place: { heap: heap!, library: library! } };
}

const SIGNAL_NUMBERS: Partial<Readonly<Record<NodeJS.Signals, number>>> = {
  SIGABRT: 6,
  SIGBUS: 7,
  SIGKILL: 9,
  SIGSEGV: 11,
};

const jsonLine = (i: number, op: string, members: string): string =>
  `{"step":${i + 1},"op":${JSON.stringify(op)}${members === '' ? '' : `,${members}`}}`;

/** Numbers of pointers by name. The names of a loop get neighbouring ones. */
class Slots {
  private readonly known = new Map<string, number>();
  private next = 0;

  of(name: string): number {
    const slot = this.known.get(name);
    if (slot !== undefined) return slot;
    this.known.set(name, this.next);
    return this.next++;
  }

  /** Neighbouring slots for names that were never used before; else the first one's, if they are in a row. */
  row(names: readonly string[]): number {
    const slots = names.map((name) => this.of(name));
    if (slots.some((slot, i) => slot !== slots[0]! + i))
      throw new Error(`${names[0]} … are used apart from each other`);
    return slots[0] ?? 0;
  }
}

/** A command as native/malloc-runner.c reads it: letter, slot, operands. */
function coded(command: MallocCommand, slots: Slots): string {
  const words = codedWords(command, slots);
  while (words.length < 5) words.push(0);
  return words.join(' ');
}

function codedWords(command: MallocCommand, slots: Slots): (string | number)[] {
  const slot = 'name' in command ? slots.of(command.name) : 0;
  switch (command.op) {
    case 'malloc':
      return ['m', slot, word(command.bytes)];
    case 'calloc':
      return ['c', slot, word(command.count), word(command.bytes)];
    case 'realloc':
      return ['r', slot, word(command.bytes), slots.of(command.target)];
    case 'reallocarray':
      return ['R', slot, word(command.count), word(command.bytes), slots.of(command.target)];
    case 'valloc':
      return ['V', slot, word(command.bytes)];
    case 'memalign':
      return ['a', slot, word(command.alignment), word(command.bytes)];
    case 'aligned_alloc':
      return ['A', slot, word(command.alignment), word(command.bytes)];
    case 'posix_memalign':
      return ['p', slot, word(command.alignment), word(command.bytes)];
    case 'free':
      return ['f', slot, word(command.shift)];
    case 'show':
      return ['s', slot];
    case 'usable':
      return ['u', slot];
    case 'prev':
      return ['v', slot];
    case 'fill':
      return ['F', slot, command.byte, word(command.count)];
    case 'poke':
      return ['P', slot, word(command.offset), command.byte];
    case 'bytes':
      return ['b', slot, word(command.offset), command.count];
    case 'raw':
      return ['w', slot, word(command.index)];
    case 'mallopt':
      return ['o', 0, MALLOPT[command.parameter], command.value];
    case 'trim':
      return ['t', 0, word(command.pad)];
    case 'loop':
      return [
        'l',
        slots.row(loopNames(command)),
        command.count,
        command.action === 'free' ? 1 : 0,
        word(command.bytes),
      ];
    case 'malloc_stats':
      return ['S', 0];
    case 'null':
      return ['N', slot];
    case 'store':
      return ['T', slot, word(command.shift), slots.of(command.target)];
    case 'mallinfo':
    case 'state':
      return ['x', 0];
    case 'stats':
      return ['q', 0, command.on ? 1 : 0];
  }
}

/** All digits: a large number must not be written with an exponent. */
const word = (value: number): string => BigInt(value).toString();
