import { sizeOf, typeName } from '../../../c/index.ts';
import type { BytesLook } from '../../../protocol/program-look.ts';
import { isFresh, type Looking } from './reader.ts';
import { partsOf, type Part } from './variable-look.ts';

/** Bytes of one variable that are shown. */
const SHOWN = 256;

/** A variable's bytes, each with the member it belongs to: what belongs to none is padding. */
export function bytesLook(looking: Looking, part: Part): BytesLook {
  const size = part.bytes ?? sizeOf(part.type);
  const shown = Math.min(size, SHOWN);
  const members = Array.from({ length: shown }, () => '');
  claim(looking, part, part.address, members);
  return {
    key: part.key,
    title: `${part.name}, ${typeName(part.type)}, ${size} ${size === 1 ? 'byte' : 'bytes'}`,
    address: part.address,
    bytes: [...looking.memory.read(part.address, shown)],
    members,
    fresh: members.map((_, i) => isFresh(looking, part.address + i, 1)),
    more: size - shown,
  };
}

/** Writes the names of members over their bytes; parts of parts by the whole path. */
function claim(looking: Looking, part: Part, start: number, members: string[], path = ''): void {
  const { type, address } = part;
  if (type.kind === 'record' || type.kind === 'array') {
    for (const child of partsOf(looking, part) ?? []) {
      if (child.address - start >= members.length) break;
      claim(looking, child, start, members, `${path}${child.name}`);
    }
    return;
  }
  const name = (path === '' ? part.name : path).replace(/^\./, '');
  const size = part.bits?.unit ?? sizeOf(type);
  for (let i = address - start; i < Math.min(address - start + size, members.length); i++) {
    if (members[i] === '') members[i] = name;
  }
}
