import {
  isVla,
  sizeOf,
  type SecretComment,
  typeClasses,
  type Image,
  type Note,
  type Symbol as ProgramSymbol,
} from '../../../c/index.ts';
import { SHADOW } from './tables.ts';

/** What the checker needs of a program, worked out once. */
export interface ImageNotes {
  /** Of the text, two a instruction. */
  readonly words: Int32Array;
  /** By instruction, 8 bytes each. */
  readonly notes: readonly (Note | undefined)[];
  /** By instruction that enters a function: its frame, lowest byte first. */
  readonly frames: ReadonlyMap<number, FrameShadow>;
  /** Variables by ascending address. */
  readonly variables: readonly Variable[];
  /** Bytes that are marked ahead of an instruction. */
  readonly secrets: ReadonlyMap<number, readonly SecretComment[]>;
}

/** A frame that has just been made. */
export interface FrameShadow {
  readonly state: Uint8Array;
  readonly type: Uint8Array;
}

export interface Variable {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly line: number;
}

const known = new WeakMap<Image, ImageNotes>();

export function notesOf(image: Image): ImageNotes {
  let found = known.get(image);
  if (found === undefined) {
    const words = new Int32Array(image.text.buffer, image.text.byteOffset, image.text.length >> 2);
    const notes: (Note | undefined)[] = Array.from({ length: words.length >> 1 }, () => undefined);
    for (const [offset, note] of image.notes) notes[offset >> 3] = note;
    const frames = new Map<number, FrameShadow>();
    for (const symbol of image.symbols.values()) {
      const at = (symbol.address - image.textStart) >> 3;
      if (symbol.unit !== null) frames.set(at, frameShadow(symbol, words[at * 2 + 1]!));
    }
    found = { words, notes, frames, variables: image.variables, secrets: secretsOf(image) };
    known.set(image, found);
  }
  return found;
}

/** A comment speaks of what is there when the next statement below it begins. */
function secretsOf(image: Image): Map<number, SecretComment[]> {
  const found = new Map<number, SecretComment[]>();
  for (const comment of image.secrets) {
    const below = image.stops.filter(({ place }) => place.line > comment.line && !place.file.startsWith('<'));
    if (below.length === 0) continue;
    const line = Math.min(...below.map(({ place }) => place.line));
    const at = Math.min(...below.filter(({ place }) => place.line === line).map(({ offset }) => offset)) >> 3;
    found.set(at, [...(found.get(at) ?? []), comment]);
  }
  return found;
}

function frameShadow({ unit }: ProgramSymbol, bytes: number): FrameShadow {
  const state = new Uint8Array(bytes).fill(SHADOW.UNDEFINED | SHADOW.OUTSIDE);
  const type = new Uint8Array(bytes);
  for (const local of unit!.body.locals) {
    if (local.isParam) continue;
    const at = bytes + local.offset;
    const size = isVla(local.type) ? 8 : sizeOf(local.type);
    state.fill(SHADOW.UNDEFINED, at, at + size);
    if (!isVla(local.type)) type.set(typeClasses(local.type), at);
  }
  for (const { offset, bytes: size } of unit!.frame.results)
    state.fill(SHADOW.UNDEFINED, bytes + offset, bytes + offset + size);
  return { state, type };
}
