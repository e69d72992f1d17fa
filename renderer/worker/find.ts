import { EVENT } from '../../engine/base/event-kinds.ts';
import { eventAt } from '../../engine/base/event-log.ts';
import { FRAME } from '../../engine/base/flags.ts';
import { PAGE_SIZE } from '../../engine/base/units.ts';
import { contentByte } from '../../engine/mm/frame-bytes.ts';
import { SLOT_STATES } from '../../engine/mm/slot.machine.ts';
import { pageLabel, peekFrame, peekMachine, peekPage, peekVmas, type KernelState } from '../../engine/kernel/index.ts';
import { eventText } from '../../engine/player/narrate/event-text.ts';
import type { Player } from '../../engine/player/player.ts';
import type { FindLook, Found } from '../../engine/protocol/find.ts';
import { placeOnBoard } from './slots-snapshot.ts';

/** Things that are listed. */
const LISTED = 60;

/**
 * Looks for an address (`0x7ffff6102000`), bytes (`"text"` or `de ad be ef`), a number (of a frame, a slot), or words:
 * in names of areas, captions and what happened so far. Looks alone, and only up to where the player stands.
 */
export function find(player: Player, query: string): FindLook {
  const wanted = query.trim();
  const k = player.kernel!;
  const [taken, all] = search(player, k, wanted);
  return { query, taken, found: all.slice(0, LISTED), more: Math.max(0, all.length - LISTED) };
}

function search(player: Player, k: KernelState, wanted: string): readonly [taken: string, found: Found[]] {
  if (wanted === '') return ['nothing', []];
  const address = /^0x([0-9a-f]{1,16})$/i.exec(wanted);
  if (address !== null) return ['an address', atAddress(k, parseInt(address[1]!, 16))];
  const text = /^"(.+)"$/.exec(wanted)?.[1];
  if (text !== undefined) return ['text in memory', withBytes(k, [...new TextEncoder().encode(text)])];
  if (/^[0-9a-f]{2}( [0-9a-f]{2})+$/i.test(wanted)) {
    return [
      'bytes in memory',
      withBytes(
        k,
        wanted.split(' ').map((byte) => parseInt(byte, 16)),
      ),
    ];
  }
  if (/^\d{1,9}$/.test(wanted)) return ['a number', [...numbered(k, Number(wanted)), ...inWords(player, k, wanted)]];
  return ['words', [...areasNamed(k, wanted), ...inWords(player, k, wanted)]];
}

const place = (kind: string, text: string, selection: Found['selection']): Found => ({
  kind,
  text,
  step: null,
  selection,
});

/** The page of each process that maps it, and the frame if RAM reaches that far. */
function atAddress(k: KernelState, address: number): Found[] {
  const page = Math.floor(address / PAGE_SIZE);
  const offset = address % PAGE_SIZE;
  const pages = peekMachine(k).tasks.flatMap((pid): Found[] => {
    if (!peekVmas(k, pid).some(({ start, end }) => page >= start && page < end)) return [];
    const { frame, state } = peekPage(k, pid, page);
    const where = frame >= 0 ? `frame ${frame}` : state;
    return [place('Page', `p${pid} ${pageLabel(k, page, pid)}, byte ${offset}: ${where}`, { kind: 'page', pid, page })];
  });
  const isFrame = page < peekMachine(k).frames.total;
  return isFrame ? [...pages, place('Frame', `frame ${page}, byte ${offset}`, { kind: 'frame', frame: page })] : pages;
}

function numbered(k: KernelState, number: number): Found[] {
  const { frames, swap } = peekMachine(k);
  return [
    ...(number < frames.total
      ? [place('Frame', `frame ${number}: ${peekFrame(k, number).use}`, { kind: 'frame', frame: number })]
      : []),
    ...(number >= 1 && number <= swap.total
      ? [place('Slot', `slot ${number}`, { kind: 'slot', slot: number - 1 })]
      : []),
  ];
}

/** Frames and swap slots that hold the bytes one after the other; page tables and free frames hold nothing of anybody's. */
function withBytes(k: KernelState, bytes: readonly number[]): Found[] {
  const { frames, swapSlots } = k;
  const found: Found[] = [];
  for (let frame = 0; frame < k.machine.totalFrames[0]!; frame++) {
    if (frames.kind[frame] === FRAME.TABLE) continue;
    for (const at of placesOf(k, frames.content[frame]!, bytes)) {
      const names = peekFrame(k, frame).sharers.map(({ pid, label }) => `p${pid} ${label}`);
      const whose = frames.kind[frame] === FRAME.FREE ? 'free, not wiped' : names.join(', ') || peekFrame(k, frame).use;
      found.push(place('Bytes', `frame ${frame}, byte ${at}: ${whose}`, { kind: 'frame', frame }));
    }
  }
  for (let slot = 0; slot < swapSlots.rows; slot++) {
    const state = SLOT_STATES[swapSlots.state[slot]!];
    if (state !== 'stored' && state !== 'clean' && state !== 'reading') continue;
    for (const at of placesOf(k, swapSlots.content[slot]!, bytes)) {
      const board = placeOnBoard(k, slot);
      found.push(place('Bytes', `swap slot ${board + 1}, byte ${at}`, { kind: 'slot', slot: board }));
    }
  }
  return found;
}

/** Offsets at which a content holds the bytes. Contents below 0 are zeros but for the first byte. */
function placesOf(k: KernelState, content: number, bytes: readonly number[]): number[] {
  if (content < 0 && bytes.slice(1).some((byte) => byte !== 0)) return [];
  const places: number[] = [];
  const last = content < 0 ? 0 : PAGE_SIZE - bytes.length;
  for (let at = 0; at <= last; at++) {
    if (bytes.every((byte, i) => contentByte(k, content, at + i) === byte)) places.push(at);
  }
  // A page that is nothing but zeros is no find.
  return content === -1 ? [] : places;
}

/** `A`, `heap`, `A+2`, with or without the process in front. */
function areasNamed(k: KernelState, wanted: string): Found[] {
  const match = /^(?:p(\d+)[ :])?([a-z_]\w*)(?:\+(\d+))?$/i.exec(wanted);
  if (match === null) return [];
  const [, only, name, offset] = match;
  return peekMachine(k).tasks.flatMap((pid): Found[] => {
    if (only !== undefined && Number(only) !== pid) return [];
    const areas = peekVmas(k, pid).filter(({ region }) => region.toLowerCase() === name!.toLowerCase());
    return areas.flatMap(({ start, end, region, regionOffset, perms }): Found[] => {
      if (offset === undefined) {
        const text = `p${pid} ${region}, ${end - start} pages ${perms}`;
        return [place('Area', text, { kind: 'vma', pid, start })];
      }
      const page = start + Number(offset) - regionOffset;
      if (page < start || page >= end) return [];
      return [
        place('Page', `p${pid} ${region}+${offset}: ${peekPage(k, pid, page).state}`, { kind: 'page', pid, page }),
      ];
    });
  });
}

/** Steps whose caption, commands or outcome say it, then events up to where the player stands, the latest first. */
function inWords(player: Player, k: KernelState, wanted: string): Found[] {
  const needle = wanted.toLowerCase();
  const { position } = player.view();
  const steps: Found[] = [];
  const events: Found[] = [];
  const label = (page: number, pid: number): string => pageLabel(k, page, pid);
  for (let step = position; step >= 1; step--) {
    const report = player.reportAt(step);
    if (report === null) continue;
    const { say, narration, commands, firstEvent, endEvent } = report;
    const said = [say, narration.sentence, ...commands.map(({ text, outcome }) => `${text} ${outcome}`)];
    const hit = said.find((text) => text.toLowerCase().includes(needle));
    if (hit !== undefined) steps.push({ kind: 'Step', text: `${step}: ${hit}`, step, selection: null });
    for (let id = endEvent - 1; id >= firstEvent && events.length < LISTED; id--) {
      const event = eventAt(k.events, id);
      if (event === null || event.kind === EVENT.COMMAND) continue;
      const text = eventText(event, label);
      if (!text.toLowerCase().includes(needle)) continue;
      const { pid, page, frame } = event;
      const selection =
        page >= 0 ? ({ kind: 'page', pid, page } as const)
        : frame >= 0 ? ({ kind: 'frame', frame } as const)
        : null; // prettier-ignore
      // Many texts name their process themselves.
      const named = text.startsWith(`p${pid} `) ? text : `p${pid} ${text}`;
      events.push({ kind: 'Event', text: named, step, selection });
    }
  }
  return [...steps, ...events];
}
