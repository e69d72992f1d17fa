import { INSTRUCTION_BYTES } from '../cpu/isa.ts';
import { BLOCKED, JUMPED, Call, type Caller, type LibraryFunction, type Returned } from './call.ts';
import { MEMORY } from './memory-calls.ts';
import { PROCESSES } from './processes.ts';
import { STDIO } from './stdio.ts';
import { STRINGS } from './strings.ts';

const ALL: Readonly<Record<string, LibraryFunction>> = { ...STRINGS, ...STDIO, ...MEMORY, ...PROCESSES };
const NAMES = Object.keys(ALL);
const FUNCTIONS = NAMES.map((name) => ALL[name]!);
const NUMBERS: ReadonlyMap<string, number> = new Map(NAMES.map((name, i) => [name, i]));

/** The number by which instructions call a function of the library, or null when there is none of that name. */
export const libraryNumber = (name: string): number | null => NUMBERS.get(name) ?? null;

/** The other way round. */
export const libraryName = (number: number): string => NAMES[number]!;

/**
 * Carries out one call of the library; the processor stands at the LIBRARY instruction and is moved behind it, unless the
 * call has to wait. @returns false when the process cannot go on now @throws Fault
 */
export function callLibrary(caller: Caller, number: number): boolean {
  const { cpu } = caller;
  const at = cpu.pc;
  const result = FUNCTIONS[number]!(new Call(caller)) as Returned;
  if (result === BLOCKED) return false;
  if (result === JUMPED) return true;
  if (typeof result === 'number') cpu.setNumber(0, result);
  else if (typeof result === 'bigint') cpu.setBig(0, result);
  else if (result !== undefined) cpu.doubles[0] = result.double;
  cpu.pc = at + INSTRUCTION_BYTES;
  return true;
}
