import { EVENT } from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import { FRAME } from '../../base/flags.ts';
import type { Tally } from './tally.ts';
import { counted, listed } from './words.ts';

/** Words for a machine without protection. */

export const realSentence = (on: boolean): string =>
  on
    ? 'The machine runs without protection from now on: every address is physical, nothing is checked, and each program is loaded anew.'
    : 'The machine translates and checks every address again, and each program starts over in an address space of its own.';

/** What an access reached that is not the task's own, by FRAME kind. */
const REACHED: Readonly<Record<number, string>> = {
  [FRAME.FREE]: 'memory that belongs to nobody',
  [FRAME.KERNEL]: 'the kernel’s own memory',
  [FRAME.ZERO]: 'the kernel’s own memory',
  [FRAME.FILE]: 'the page cache',
  [FRAME.FLAT]: 'another program’s memory',
};

export const reached = (kind: number): string => REACHED[kind] ?? 'memory that is not its own';

/** What accesses reached that were not the task's to reach. */
export function strayText(strays: Tally['strays']): string {
  const frames = [...new Set(strays.map(({ frame }) => frame))];
  const what = listed([...new Set(strays.map(({ kind }) => reached(kind)))]);
  const where =
    frames.length === 1 ? `frame ${frames[0]!}` : `${counted(frames.length, 'frame')} from ${frames[0]!} on`;
  return `${what}, in ${where}. Nothing checks it, and nothing traps.`;
}

/** Frames that were taken at once and in a row. */
export const flatText = ([first, count]: readonly [number, number]): string =>
  `${count === 1 ? `frame ${first} is` : `frames ${first} to ${first + count - 1} are`} taken at once, and the name stands for their physical address.`;

export function realEventText(e: EventRecord): string {
  if (e.kind === EVENT.PROTECTION_SET)
    return e.a === 1 ? 'addresses are translated and checked again' : 'addresses are physical, nothing is checked';
  return `p${e.pid} ${e.a === 1 ? 'writes' : 'reads'} frame ${e.frame}: ${reached(e.b)}`;
}
