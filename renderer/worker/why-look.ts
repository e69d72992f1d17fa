import { heapReport } from '../../engine/kernel/heap/index.ts';
import { pageLabel, peekVmas, type KernelState } from '../../engine/kernel/index.ts';
import type { Player } from '../../engine/player/player.ts';
import { TELLING } from '../../engine/player/narrate/chips.ts';
import { byteOf, heldSince } from '../../engine/player/why/held-byte.ts';
import {
  aboutArea,
  aboutChunk,
  aboutFrame,
  aboutPage,
  aboutSlot,
  latestEvent,
  type IsAbout,
} from '../../engine/player/why/latest-event.ts';
import { chainOf, tellingEvent, whyOf, type Run } from '../../engine/player/why/why.ts';
import type { Selection } from '../../engine/protocol/snapshot.ts';
import type { WhyStory, WhySubject } from '../../engine/protocol/why.ts';
import { chunkWords } from './heap-facts.ts';
import { inspect } from './inspect.ts';
import { slotAtPlace } from './slots-snapshot.ts';

/** The story behind a thing; null when there is no such thing at the player's position. The player ends where it stood. */
export function lookAtWhy(player: Player, subject: WhySubject): WhyStory | null {
  switch (subject.kind) {
    case 'step':
      return whyStep(player);
    case 'byte':
      return whyByte(player, subject);
    case 'chunk':
      return whyChunk(player, subject);
    default: {
      const seen = inspect(player.kernel!, subject);
      if (seen === null) return null;
      return { title: seen.title, now: seen.summary, ...whyOf(runOf(player), aboutOf(player.kernel!, subject)) };
    }
  }
}

function runOf(player: Player): Run {
  const { position } = player.view();
  const reports = Array.from({ length: position }, (_, i) => player.reportAt(i + 1)).filter(
    (report) => report !== null,
  );
  return { kernel: player.kernel!, reports };
}

function aboutOf(k: KernelState, subject: Selection): IsAbout {
  switch (subject.kind) {
    case 'page':
      return aboutPage(subject.pid, subject.page);
    case 'frame':
      return aboutFrame(subject.frame, k.machine.zeroFrame[0]!);
    case 'slot':
      return aboutSlot(slotAtPlace(k, subject.slot));
    case 'vma': {
      const { pid, start } = subject;
      const end = peekVmas(k, pid).find((vma) => vma.start === start)!.end;
      return aboutArea(pid, start, end);
    }
  }
}

function whyStep(player: Player): WhyStory | null {
  const { report } = player.view();
  if (report === null) return null;
  const run = runOf(player);
  return {
    title: `Step ${report.index}`,
    now: report.narration.sentence,
    links: chainOf(run, tellingEvent(run, report, TELLING)),
    before: [],
  };
}

function whyChunk(player: Player, { pid, address }: Extract<WhySubject, { kind: 'chunk' }>): WhyStory | null {
  const chunk = heapReport(player.kernel!, pid).chunks.find((each) => each.address === address);
  if (chunk === undefined) return null;
  return {
    title: `Chunk of p${pid} at 0x${address.toString(16)}`,
    now: chunkWords(chunk),
    ...whyOf(runOf(player), aboutChunk(pid, address, address + chunk.size)),
  };
}

/** The value of a byte: the step since which it is there, and what that step did to the page. */
function whyByte(player: Player, { pid, page, offset }: Extract<WhySubject, { kind: 'byte' }>): WhyStory | null {
  const value = byteOf(player.kernel!, pid, page, offset);
  if (value === null) return null;
  const { position } = player.view();
  const since = heldSince(position, (at) => {
    player.seek(at);
    return byteOf(player.kernel!, pid, page, offset);
  });
  player.seek(position);
  const run = runOf(player);
  const report = since === 0 ? null : player.reportAt(since);
  return {
    title: `Byte ${offset} of p${pid} ${pageLabel(player.kernel!, page, pid)}`,
    now: `${byteWords(value)}${since === 0 ? ' from the beginning' : `, since step ${since}`}`,
    links: chainOf(run, report === null ? 0 : changer(run, report.firstEvent, report.endEvent, pid, page)),
    before: [],
  };
}

/** What of a step is nearest to a byte of a page that changed in it: what was done to the page, else the whole step. */
function changer({ kernel: k }: Run, firstEvent: number, endEvent: number, pid: number, page: number): number {
  const id = latestEvent(k.events, aboutPage(pid, page), endEvent);
  if (id >= firstEvent) return id;
  const touched = latestEvent(
    k.events,
    ({ pid: who, page: where }, at) => who[at] === pid && where[at] === page,
    endEvent,
  );
  return touched >= firstEvent ? touched : endEvent - 1;
}

function byteWords(value: number): string {
  const hex = `0x${value.toString(16).padStart(2, '0')}`;
  return value >= 0x20 && value < 0x7f ? `${hex}, the letter ${String.fromCharCode(value)}` : hex;
}
