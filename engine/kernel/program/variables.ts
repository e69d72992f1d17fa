import type { Pid } from '../../base/units.ts';
import { findMember, FP, isVla, sizeOf, typeName, type CType, type Image, type Member, type Symbol as ProgramSymbol } from '../../c/index.ts'; // prettier-ignore
import { PeekMemory } from '../heap/peek-memory.ts';
import type { KernelState } from '../state.ts';
import { isProgram, Process } from './process.ts';
import { currentStop } from './stops.ts';

/** One function that is under way. */
export interface StackFrame {
  readonly name: string;
  /** Of the statement it is at; null in code without source. */
  readonly line: number | null;
  /** Its frame pointer. */
  readonly base: number;
  readonly symbol: ProgramSymbol;
  /** Of the instruction it is at, bytes from the start of the text; of one that waits for a call, the call's. */
  readonly pc: number;
}

/** A place of a type, as an expression of C finds it. */
export interface Place {
  readonly type: CType;
  /** null for what has no address: a number. */
  readonly address: number | null;
  /** Bytes from the start of the struct that the last `.` or `->` went into. */
  readonly offset: number;
  readonly bits: Member['bits'];
}

/** What was found, or why there is nothing. */
export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };
const no = (why: string): Found<never> => ({ ok: false, why });

/** Frames that are followed: deeper recursion shows its innermost ones. */
const MAX_FRAMES = 1000;

function functionAt(image: Image, address: number): ProgramSymbol | null {
  for (const symbol of image.symbols.values()) {
    if (symbol.type.kind === 'function' && address >= symbol.address && address < symbol.address + symbol.size)
      return symbol;
  }
  return null;
}

/** The functions under way, innermost first, by saved frame pointers and return addresses. Touches nothing. */
export function stackFrames(k: KernelState, pid: Pid): StackFrame[] {
  if (!isProgram(k, pid)) return [];
  const { image } = new Process(k, pid);
  const memory = new PeekMemory(k, pid);
  const { registers, pc } = k.programs.processes;
  const word = (register: number): number => {
    const at = pid * (registers.length / k.programs.processes.capacity) + register * 2;
    return registers[at + 1]! * 2 ** 32 + (registers[at]! >>> 0);
  };
  const frames: StackFrame[] = [];
  let base = word(FP);
  let address = image.textStart + pc[pid]!;
  let returned = false;
  while (frames.length < MAX_FRAMES) {
    const symbol = functionAt(image, address);
    if (symbol === null) break;
    if (symbol.unit === null) {
      // A function of the library has no frame: the way back lies on top of the stack.
      address = memory.load64(word(FP + 1));
      continue;
    }
    const entering = !returned && address === symbol.address;
    const at = address - image.textStart - (returned ? 1 : 0);
    const line = currentStop(image, at)?.place.line ?? null;
    if (!entering) frames.push({ name: symbol.name, line, base, symbol, pc: at });
    address = memory.load64(entering ? word(FP + 1) : base + 8);
    if (!entering) base = memory.load64(base);
    returned = true;
  }
  return frames;
}

/** A place by its path: `x`, `s.a[2].b`, `p->next`, `*p`. Local names first, from the innermost function outwards. */
export function findPlace(k: KernelState, pid: Pid, path: string, derefs: number): Found<Place> {
  if (!isProgram(k, pid)) return no(`p${pid} runs no C program`);
  const tokens = path.match(/[A-Za-z_]\w*|\d+|->|\.|\[|\]/g) ?? [];
  const root = rootOf(k, pid, tokens[0]!);
  if (root === null) return no(`${tokens[0]} is no variable here`);
  const memory = new PeekMemory(k, pid);
  let place: Place = root;
  for (let i = 1; i < tokens.length;) {
    const operator = tokens[i]!;
    const next =
      operator === '['
        ? element(k, pid, place, tokens[i + 1]!, memory)
        : member(place, operator, tokens[i + 1]!, memory);
    if (!next.ok) return next;
    place = next.value;
    i += operator === '[' ? 3 : 2;
  }
  for (let i = 0; i < derefs; i++) {
    const target = targetOf(place, memory);
    if (target === null) return no(`${path} is no pointer`);
    place = target;
  }
  return { ok: true, value: place };
}

const at = (type: CType, address: number, offset = 0, bits: Member['bits'] = null): Place => ({ type, address, offset, bits }); // prettier-ignore

function rootOf(k: KernelState, pid: Pid, name: string): Place | null {
  const memory = new PeekMemory(k, pid);
  for (const { symbol, base, line } of stackFrames(k, pid)) {
    const { params, locals } = symbol.unit!.body;
    const named = [...params, ...locals].filter((local) => local.name === name);
    // Of several in nested blocks, the one declared last before this line.
    const local = named.filter(({ place }) => line === null || place.line <= line).at(-1) ?? named[0];
    if (local === undefined) continue;
    const where = base + local.offset;
    return at(local.type, isVla(local.type) ? memory.load64(where) : where);
  }
  const { symbols } = new Process(k, pid).image;
  const global = symbols.get(name);
  return global === undefined ? null : at(global.type, global.address);
}

function member(place: Place, operator: string, name: string, memory: PeekMemory): Found<Place> {
  const record = operator === '->' ? targetOf(place, memory) : place;
  if (record === null || record.type.kind !== 'record' || record.address === null)
    return no(`${name} is no member of ${typeName(place.type)}`);
  const found = findMember(record.type.def, name);
  if (found === null) return no(`${typeName(record.type)} has no member ${name}`);
  return { ok: true, value: at(found.type, record.address + found.offset, found.offset, found.bits) };
}

function element(k: KernelState, pid: Pid, place: Place, index: string, memory: PeekMemory): Found<Place> {
  const first = targetOf(place, memory);
  if (first === null || first.address === null) return no(`${typeName(place.type)} has no elements`);
  let number = Number(index);
  if (!/^\d/.test(index)) {
    const variable = findPlace(k, pid, index, 0);
    if (!variable.ok) return variable;
    const value = valueOf(k, pid, variable.value);
    if (value === null || value.kind !== 'integer') return no(`${index} is no number`);
    number = Number(value.value);
  }
  return { ok: true, value: at(first.type, first.address + number * sizeOf(first.type)) };
}

/** What a pointer points to, or the first element of an array. */
function targetOf({ type, address }: Place, memory: PeekMemory): Place | null {
  if (address === null) return null;
  if (type.kind === 'array') return at(type.of, address);
  return type.kind === 'pointer' ? at(type.to, memory.load64(address)) : null;
}

export type ProgramValue =
  { readonly kind: 'integer'; readonly value: bigint } | { readonly kind: 'float'; readonly value: number };

/** What a place holds; an array is its address. null for structs, which have no single value. */
export function valueOf(k: KernelState, pid: Pid, { type, address, bits }: Place): ProgramValue | null {
  if (address === null) return null;
  if (type.kind === 'array' || type.kind === 'function') return { kind: 'integer', value: BigInt(address) };
  if (type.kind === 'record' || type.kind === 'void') return null;
  const memory = new PeekMemory(k, pid);
  const size = bits?.unit ?? sizeOf(type);
  let raw = 0n;
  for (let i = size - 1; i >= 0; i--) raw = (raw << 8n) | BigInt(memory.load8(address + i));
  if (bits !== null) {
    raw = (raw >> BigInt(bits.shift)) & ((1n << BigInt(bits.width)) - 1n);
    return { kind: 'integer', value: type.kind === 'int' && type.signed ? BigInt.asIntN(bits.width, raw) : raw };
  }
  if (type.kind === 'float') {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, raw, true);
    return { kind: 'float', value: size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true) };
  }
  return { kind: 'integer', value: type.kind === 'int' && type.signed ? BigInt.asIntN(size * 8, raw) : raw };
}

/** Names that an expression may begin with: all variables of a program. */
export function variableNames(image: Image): Set<string> {
  const names = new Set<string>();
  for (const { name, unit } of image.symbols.values()) {
    if (name.startsWith('__')) continue;
    names.add(name);
    for (const local of [...(unit?.body.params ?? []), ...(unit?.body.locals ?? [])]) names.add(local.name);
  }
  return names;
}

/** The line that a program stands at; null where it has no source, or has ended. */
export function lineOf(k: KernelState, pid: Pid): number | null {
  if (!isProgram(k, pid)) return null;
  return stackFrames(k, pid).find(({ line }) => line !== null)?.line ?? null;
}

/** What a task's program has put out so far, as text of one character a byte. */
export function outputOf(k: KernelState, pid: Pid): string {
  const { output } = k.programs;
  let text = '';
  for (let row = 0; row < output.rows; row++)
    if (output.pid[row] === pid) text += String.fromCharCode(output.byte[row]!);
  return text;
}
