import { sizeOf, typeName, type CType, type Member } from '../../../c/index.ts';
import type { VariableLook } from '../../../protocol/program-look.ts';
import { characterText, pointerLook, textAt } from './pointer-look.ts';
import { isFresh, scalarAt, type Looking } from './reader.ts';

/** Elements that are listed, and elements and characters that are shown in a line. */
const LISTED = 64;
const IN_LINE = 8;
const LINE_CHARACTERS = 40;
/** Structs inside of structs that a line goes into. */
const LINE_DEPTH = 2;

/** A place with a type: a variable or a part of one. */
export interface Part {
  readonly key: string;
  readonly name: string;
  readonly type: CType;
  readonly address: number;
  readonly bits: Member['bits'];
  /** Bytes of an array of variable length. */
  readonly bytes?: number;
}

export function variableLook(looking: Looking, part: Part, unset = false): VariableLook {
  const { key, name, type, address } = part;
  const size = part.bytes ?? sizeOf(type);
  const open = looking.open.has(key);
  const children = unset ? null : partsOf(looking, part);
  const listed = open && children !== null ? children.slice(0, LISTED) : [];
  return {
    key,
    name,
    type: typeName(type),
    address,
    size,
    value: unset ? '' : valueText(looking, part, 0),
    pointer: unset || type.kind !== 'pointer' ? null : pointerLook(looking, type.to, pointerAt(looking, address)),
    fresh: !unset && isFresh(looking, address, size),
    unset,
    parts: children === null ? null : listed.map((child) => variableLook(looking, child)),
    open,
    more: open && children !== null ? children.length - listed.length : 0,
  };
}

const pointerAt = ({ memory }: Looking, address: number): number => memory.load64(address);

const lengthOf = ({ type, bytes }: Part): number =>
  type.kind !== 'array' ? 0 : (type.length ?? Math.floor((bytes ?? 0) / Math.max(1, sizeOf(type.of))));

/** Members, elements, or what a pointer leads to; null where there is nothing to unfold. */
export function partsOf(looking: Looking, part: Part): Part[] | null {
  const { key, type, address } = part;
  switch (type.kind) {
    case 'record':
      return membersOf(key, type.def.members ?? [], address, '.');
    case 'array':
      return Array.from({ length: Math.min(lengthOf(part), 4096) }, (_, i) => ({
        key: `${key}[${i}]`,
        name: `[${i}]`,
        type: type.of,
        address: address + i * sizeOf(type.of),
        bits: null,
      }));
    case 'pointer':
      return targetOf(looking, key, type.to, pointerAt(looking, address));
    default:
      return null;
  }
}

function membersOf(key: string, members: readonly Member[], address: number, sign: '.' | '->'): Part[] {
  return members.flatMap((member): Part[] => {
    const at = address + member.offset;
    if (member.name === null) {
      return member.type.kind === 'record' ? membersOf(key, member.type.def.members ?? [], at, sign) : [];
    }
    const { name, type, bits } = member;
    return [{ key: `${key}${sign}${name}`, name: `${sign}${name}`, type, address: at, bits }];
  });
}

function targetOf(looking: Looking, key: string, type: CType, address: number): Part[] | null {
  if (type.kind === 'void' || type.kind === 'function') return null;
  const { to } = pointerLook(looking, type, address);
  if (to === 'null' || to === 'nowhere') return null;
  if (type.kind === 'record') {
    return type.def.members === null ? null : membersOf(key, type.def.members, address, '->');
  }
  return [{ key: `*${key}`, name: '*', type, address, bits: null }];
}

/** What a place holds, as a line; empty for pointers, which are drawn. */
function valueText(looking: Looking, part: Part, depth: number): string {
  const { type, address, bits } = part;
  switch (type.kind) {
    case 'pointer':
      return '';
    case 'array':
      return arrayText(looking, part, type.of, depth);
    case 'record':
      return recordText(looking, part, depth);
    case 'int':
    case 'float':
      return numberText(looking, type, address, bits);
    default:
      return '';
  }
}

function numberText({ memory }: Looking, type: CType, address: number, bits: Member['bits']): string {
  const found = scalarAt(memory, type, address, bits);
  if (found === null) return '';
  if (found.kind === 'float') return floatText(found.value, type.kind === 'float' && type.size === 4);
  const isCharacter = type.kind === 'int' && type.size === 1 && bits === null && type.isBool !== true;
  if (!isCharacter) return String(found.value);
  const byte = Number(BigInt.asUintN(8, found.value));
  return byte === 0 ? '0' : byte >= 32 && byte < 127 ? `${found.value} '${characterText(byte)}'` : String(found.value);
}

/** The shortest digits that tell the value from its neighbours of the same type. */
function floatText(value: number, single: boolean): string {
  if (!single) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

function arrayText(looking: Looking, part: Part, of: CType, depth: number): string {
  const length = lengthOf(part);
  if (of.kind === 'int' && of.size === 1) return textAt(looking, part.address, Math.min(length, LINE_CHARACTERS));
  if (depth >= LINE_DEPTH) return '{…}';
  const shown = (partsOf(looking, part) ?? []).slice(0, IN_LINE);
  const words = shown.map((each) => shortText(looking, each, depth));
  return `{${words.join(', ')}${length > IN_LINE ? ', …' : ''}}`;
}

function recordText(looking: Looking, part: Part, depth: number): string {
  if (depth >= LINE_DEPTH) return '{…}';
  const members = partsOf(looking, part) ?? [];
  const words = members.slice(0, IN_LINE).map((each) => `${each.name.slice(1)} ${shortText(looking, each, depth)}`);
  return `{${words.join(', ')}${members.length > IN_LINE ? ', …' : ''}}`;
}

function shortText(looking: Looking, part: Part, depth: number): string {
  if (part.type.kind !== 'pointer') return valueText(looking, part, depth + 1);
  const { words, text } = pointerLook(looking, part.type.to, pointerAt(looking, part.address));
  return `→${words === '' ? (text ?? '') : words}`;
}
