import { allocRow } from '../../base/table.ts';
import { PAGE_SIZE } from '../../base/units.ts';
import { FRAME } from '../../base/flags.ts';
import { loadText, storeText } from '../heap/tables.ts';
import type { KernelState } from '../state.ts';
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
}

/**
 * Where the secrets are now: every byte of every frame and every swap slot is looked at, so that no copy is forgotten,
 * whoever made it and whether or not somebody still knows of it. Touches nothing.
 */
export function secretPlaces(k: KernelState): SecretPlace[] {
  const { secrets } = k.programs;
  const found: SecretPlace[] = [];
  const look = (kind: SecretPlace['kind'], index: number, content: number): void => {
    if (content < 0) return;
    const page = k.contents.bytes.subarray(content * PAGE_SIZE, (content + 1) * PAGE_SIZE);
    for (let row = 0; row < secrets.rows; row++) {
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
