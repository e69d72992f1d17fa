import { MAX_TASKS } from '../../base/limits.ts';
import type { Quantity } from '../../protocol/commands.ts';
import { parseQuantity } from '../commands/quantity.ts';

/** What `show.select` names, before it is looked up in a machine. */
export type Target =
  | { readonly kind: 'task'; readonly task: number }
  | { readonly kind: 'region'; readonly task: number; readonly name: string }
  | { readonly kind: 'page'; readonly task: number; readonly name: string; readonly offset: Quantity }
  | { readonly kind: 'frame'; readonly frame: number }
  /** Counted from 1, over all devices. */
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'frameOf'; readonly task: number; readonly name: string; readonly offset: Quantity };

export const TARGET_REMEDY = 'write p0:A (a VMA), p0:A+2 (a page), frame 14, frame p0:A+2, or slot 3';

/** Reads `p0`, `p0:A`, `p0:A+2`, `frame 14`, `frame p0:A+2`, `slot 3`; null when it is none of them. */
export function parseTarget(text: string): Target | null {
  const trimmed = text.trim();
  const slot = /^slot\s+([1-9]\d{0,8})$/.exec(trimmed)?.[1];
  if (slot !== undefined) return { kind: 'slot', slot: Number(slot) };
  const frame = /^frame\s+(\S+)$/.exec(trimmed)?.[1];
  if (frame !== undefined && /^\d+$/.test(frame)) return { kind: 'frame', frame: Number(frame) };
  const match = /^p(\d+)(?::([A-Za-z_]\w*)(?:\+(\S+))?)?$/.exec(frame ?? trimmed);
  if (match === null) return null;
  const task = Number(match[1]);
  const name = match[2];
  if (task >= MAX_TASKS) return null;
  if (name === undefined) return frame === undefined ? { kind: 'task', task } : null;
  if (match[3] === undefined) return frame === undefined ? { kind: 'region', task, name } : null;
  const offset = parseQuantity(match[3]);
  if (offset === null) return null;
  return { kind: frame === undefined ? 'page' : 'frameOf', task, name, offset };
}
