import type { Pid } from '../../../base/units.ts';
import {
  sizeOf,
  type CType,
  type Image,
  type Local,
  type Member,
  type Symbol as ProgramSymbol,
} from '../../../c/index.ts';
import type { ByteRange } from '../memory-changes.ts';
import type { PeekMemory } from '../../heap/peek-memory.ts';
import type { KernelState } from '../../state.ts';
import type { ProgramValue, StackFrame } from '../variables.ts';

/** What all parts of one look at a program share. */
export interface Looking {
  readonly k: KernelState;
  readonly pid: Pid;
  readonly image: Image;
  readonly memory: PeekMemory;
  readonly frames: readonly StackFrame[];
  readonly globals: readonly ProgramSymbol[];
  /** Bytes that the step just done changed. */
  readonly changed: readonly ByteRange[];
  /** Keys of what is unfolded. */
  readonly open: ReadonlySet<string>;
}

/** Did the step just done change one of these bytes? */
export const isFresh = ({ changed }: Looking, address: number, size: number): boolean =>
  changed.some(([from, to]) => from < address + size && to > address);

/** Parameters and variables that the program's text names; the compiler has some of its own. */
export function namedLocals({ unit }: ProgramSymbol): Local[] {
  const { params, locals } = unit!.body;
  // Parameters of prototypes inside of a function are nobody's.
  const own = [...params, ...locals.filter(({ isParam }) => !isParam)];
  return own.filter(({ name }) => name !== '' && !name.includes('.'));
}

/** A number or a pointer as it lies there. null for what has no single value. */
export function scalarAt(memory: PeekMemory, type: CType, address: number, bits: Member['bits']): ProgramValue | null {
  if (type.kind !== 'int' && type.kind !== 'float' && type.kind !== 'pointer') return null;
  const bytes = memory.read(address, bits?.unit ?? sizeOf(type));
  const view = new DataView(bytes.buffer);
  if (type.kind === 'float') {
    return { kind: 'float', value: type.size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true) };
  }
  let raw = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) raw = (raw << 8n) | BigInt(bytes[i]!);
  const signed = type.kind === 'int' && type.signed;
  if (bits !== null) raw = (raw >> BigInt(bits.shift)) & ((1n << BigInt(bits.width)) - 1n);
  const width = bits?.width ?? bytes.length * 8;
  return { kind: 'integer', value: signed ? BigInt.asIntN(width, raw) : raw };
}
