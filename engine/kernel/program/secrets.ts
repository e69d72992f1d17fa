import { allocRow } from '../../base/table.ts';
import { PAGE_SIZE } from '../../base/units.ts';
import { FRAME } from '../../base/flags.ts';
import { loadText, storeText } from '../heap/tables.ts';
import type { Pid } from '../../base/units.ts';
import { sizeOf } from '../../c/index.ts';
import { PeekMemory } from '../heap/peek-memory.ts';
import type { Outcome } from '../outcome.ts';
import type { KernelState } from '../state.ts';
import { setMark } from '../../mm/content-marks.ts';
import { makeMark, markedPieces, markMemory, type MarkedPiece } from './shadow/marks.ts';
import { findPlace } from './variables.ts';
import { SECRET_BYTES } from './tables.ts';

/** A place that holds a secret, whole and within one page. */
export interface SecretPlace {
  readonly secret: string;
  readonly kind: 'frame' | 'slot';
  /** Number of the frame or slot. */
  readonly index: number;
  /** Bytes from the start of the page. */
  readonly offset: number;
}

/** `@secret TEXT`: from now on the lab answers where it is. */
export function addSecret(k: KernelState, text: string): void {
  storeText(k.programs.secrets.text, allocRow(k.programs.secrets), SECRET_BYTES, text);
  markTexts(k);
}

/** Where a text that was named lies whole, its bytes are marked: from there on pieces of it are followed too. */
export function markTexts(k: KernelState): void {
  const { secrets } = k.programs;
  for (let row = 0; row < secrets.rows; row++) {
    const text = new TextEncoder().encode(loadText(secrets.text, row, SECRET_BYTES));
    const places = secretPlaces(k, row);
    if (places.length === 0) continue;
    if (secrets.mark[row] === 0) {
      const marks = [...text].map((byte) => makeMark(k, byte, true));
      if (marks.includes(0)) continue;
      secrets.mark[row] = marks[0]!;
    }
    for (const { kind, index, offset } of places) {
      const content = kind === 'frame' ? k.frames.content[index]! : k.swapSlots.content[index]!;
      for (let i = 0; i < text.length; i++) setMark(k, content, offset + i, secrets.mark[row]! + i);
    }
  }
}

/** All bytes of secrets, whole or in pieces: those that were followed, and texts that lie whole where nobody followed. */
export function secretPieces(k: KernelState): MarkedPiece[] {
  const pieces = markedPieces(k);
  const known = new Set(pieces.flatMap(({ kind, index, offset, length }) => Array.from({ length }, (_, i) => `${kind} ${index} ${offset + i}`))); // prettier-ignore
  const whole = secretPlaces(k).filter(({ kind, index, offset }) => !known.has(`${kind} ${index} ${offset}`));
  return [...pieces, ...whole.map(({ secret, kind, index, offset }) => ({ kind, index, offset, length: secret.length, ofText: true }))]; // prettier-ignore
}

/** Frames or slots that hold a text whole, or any byte of what was marked. */
export function secretHolders(k: KernelState, kind: 'frame' | 'slot'): number {
  const held = [...secretPlaces(k), ...markedPieces(k).filter(({ ofText }) => !ofText)];
  return new Set(held.filter((each) => each.kind === kind).map(({ index }) => index)).size;
}

/**
 * `pN secret NAME [BYTES]`, and the comment of a program: what the variable holds now, or the array or block it points to,
 * is secret from now on, and so is every copy a program that is checked makes of it.
 * @returns why nothing was marked, or null
 */
export function markVariable(k: KernelState, pid: Pid, name: string, bytes: number | null): string | null {
  const found = findPlace(k, pid, name, 0);
  if (!found.ok) return found.why;
  const { type, address } = found.value;
  if (address === null) return `${name} has no address`;
  const to = type.kind === 'pointer' && bytes !== null ? new PeekMemory(k, pid).load64(address) : address;
  const length = bytes ?? sizeOf(type);
  return markMemory(k, pid, to, length) === 0 ? `${name} holds nothing that was stored` : null;
}

/** The command: it says how many bytes are marked now. */
export function secretOutcome(k: KernelState, pid: Pid, { name, bytes }: { name: string; bytes?: number }): Outcome {
  const why = markVariable(k, pid, name, bytes ?? null);
  return why === null ? { ret: `${k.programs.secretBytes.rows} bytes` } : { ret: why };
}

/** Is there such a variable, now? @returns why not, or null */
export function whyNotSecret(k: KernelState, pid: Pid, name: string): string | null {
  const found = findPlace(k, pid, name, 0);
  return found.ok ? null : found.why;
}

/**
 * Where the secrets are now: every byte of every frame and every swap slot is looked at, so that no copy is forgotten,
 * whoever made it and whether or not somebody still knows of it. Touches nothing.
 */
export function secretPlaces(k: KernelState, only: number | null = null): SecretPlace[] {
  const { secrets } = k.programs;
  const found: SecretPlace[] = [];
  const look = (kind: SecretPlace['kind'], index: number, content: number): void => {
    if (content < 0) return;
    const page = k.contents.bytes.subarray(content * PAGE_SIZE, (content + 1) * PAGE_SIZE);
    for (let row = only ?? 0; row < (only === null ? secrets.rows : only + 1); row++) {
      const secret = loadText(secrets.text, row, SECRET_BYTES);
      for (const offset of offsetsOf(page, secret)) found.push({ secret, kind, index, offset });
    }
  };
  if (secrets.rows === 0) return found;
  for (let frame = 0; frame < k.frames.rows; frame++) {
    if (k.frames.kind[frame] !== FRAME.TABLE) look('frame', frame, k.frames.content[frame]!);
  }
  for (let slot = 0; slot < k.swapSlots.rows; slot++) look('slot', slot, k.swapSlots.content[slot]!);
  return found;
}

function offsetsOf(page: Uint8Array, text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  const offsets: number[] = [];
  for (
    let at = page.indexOf(bytes[0]!);
    at >= 0 && at + bytes.length <= page.length;
    at = page.indexOf(bytes[0]!, at + 1)
  ) {
    if (bytes.every((byte, i) => page[at + i] === byte)) offsets.push(at);
  }
  return offsets;
}
