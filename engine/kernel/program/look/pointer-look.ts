import { PAGE_SIZE } from '../../../base/units.ts';
import { sizeOf, type CType } from '../../../c/index.ts';
import { vmaOf } from '../../../mm/vma-list.ts';
import { mmOf } from '../../../proc/task.ts';
import type { PointerLook } from '../../../protocol/program-look.ts';
import { blocksOf, heapReport } from '../../heap/index.ts';
import { pageLabel } from '../../regions.ts';
import { namedLocals, type Looking } from './reader.ts';

/** Characters of a text that are shown. */
const SHOWN_CHARACTERS = 24;
/** From a chunk's header to its block. */
const HEADER = 16;

/** Where a pointer leads, by the most telling name that the place has. */
export function pointerLook(looking: Looking, type: CType, address: number): PointerLook {
  const { k, pid, image } = looking;
  if (address === 0) return { address, to: 'null', words: 'NULL', text: null };
  if (type.kind === 'function') {
    const words = functionName(looking, address);
    if (words !== null) return { address, to: 'function', words, text: null };
  }
  const page = Math.floor(address / PAGE_SIZE);
  const mapped = vmaOf(k, mmOf(k, pid), page) >= 0 || k.machine.realMode[0] === 1;
  if (!mapped) return { address, to: 'nowhere', words: 'nothing there', text: null };
  const text = isCharacter(type) ? textAt(looking, address) : null;
  if (address >= image.rodataStart && address < image.rodataStart + image.rodata.length && text !== null)
    return { address, to: 'text', words: '', text };
  const variable = variableName(looking, address);
  if (variable !== null) return { address, to: 'variable', words: variable, text };
  return { address, text, ...heapPlace(looking, address) };
}

const isCharacter = (type: CType): boolean => type.kind === 'int' && type.size === 1;

function functionName({ image }: Looking, address: number): string | null {
  for (const symbol of image.symbols.values())
    if (symbol.type.kind === 'function' && symbol.address === address) return symbol.name;
  return null;
}

/** `x`, `x+4`, `main’s x` of another function: frames from the innermost, then variables of the whole program. */
function variableName({ frames, globals, memory }: Looking, address: number): string | null {
  const within = (start: number, size: number, name: string): string | null =>
    address < start || address >= start + Math.max(1, size)
      ? null
      : address === start
        ? name
        : `${name}+${address - start}`;
  for (const [depth, { name: functionName, symbol, base }] of frames.entries()) {
    for (const local of namedLocals(symbol)) {
      const vla = local.type.kind === 'array' && local.type.length === null;
      const start = vla ? memory.load64(base + local.offset) : base + local.offset;
      const found = within(start, sizeOf(local.type), local.name);
      if (found !== null) return depth === 0 ? found : `${functionName}: ${found}`;
    }
  }
  for (const { name, address: start, size } of globals) {
    const found = within(start, size, name);
    if (found !== null) return found;
  }
  return null;
}

/** A block of the heap or of its own mapping; what belongs to none is named by its page. */
function heapPlace({ k, pid }: Looking, address: number): Pick<PointerLook, 'to' | 'words'> {
  const { chunks } = heapReport(k, pid);
  const chunk = chunks.find(
    (each) => each.address + HEADER <= address && address < each.address + each.size + HEADER / 2,
  );
  const inBlock = (start: number): string => (address === start ? '' : `+${address - start}`);
  if (chunk !== undefined) {
    const start = chunk.address + HEADER;
    if (chunk.state !== 'inUse') return { to: 'freed', words: `freed${inBlock(start)}` };
    const bytes = chunk.block?.asked ?? chunk.size - HEADER / 2;
    return { to: 'block', words: `block of ${bytes} B${inBlock(start)}` };
  }
  const own = blocksOf(k, pid).find((block) => block.freed === 0 && block.address <= address && address < block.address + block.usable); // prettier-ignore
  if (own !== undefined) return { to: 'block', words: `block of ${own.asked} B${inBlock(own.address)}` };
  return { to: 'memory', words: pageLabel(k, Math.floor(address / PAGE_SIZE), pid) };
}

/** The characters from an address on, up to the first zero, in C's spelling. */
export function textAt({ memory }: Looking, address: number, most = SHOWN_CHARACTERS): string {
  const bytes = memory.read(address, most + 1);
  const end = bytes.indexOf(0);
  const shown = [...bytes.subarray(0, end < 0 ? most : Math.min(end, most))].map(characterText).join('');
  return `"${shown}${end < 0 ? '…' : ''}"`;
}

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };

/** One byte as C's source would spell it. */
export const characterText = (byte: number): string =>
  ESCAPES[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`);
