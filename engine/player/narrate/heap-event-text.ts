import { ABORT_TEXTS } from '../../malloc/index.ts';
import { EVENT, OPERATIONS } from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import { DAMAGE, MALLOC_STEPS, unpackStates } from '../../kernel/heap/index.ts';
import { PAGE_SIZE } from '../../base/units.ts';
import { counted } from './words.ts';

/** What the allocator did, in a few words. `label` names a page: `heap+2`. */
export function heapEventText(e: EventRecord, label: (page: number) => string): string {
  switch (e.kind) {
    case EVENT.LIBRARY_CALL:
      return `p${e.pid} ${OPERATIONS[e.a] ?? 'a call'}${e.b > 0 ? `, ${counted(e.b, 'byte')}` : ''}`;
    case EVENT.MALLOC_STEP:
      return stepText(e, label);
    case EVENT.CHUNK_MOVED: {
      const [from, to] = unpackStates(e.a);
      const where = placeOf(e.b, label);
      return `chunk ${where} ${from === to ? `stays ${STATE_WORDS[to]}` : `${STATE_WORDS[from]} → ${STATE_WORDS[to]}`}`;
    }
    case EVENT.BLOCK_GIVEN:
      return `block at ${placeOf(e.a, label)} for ${counted(e.b, 'byte')}`;
    case EVENT.BLOCK_FREED:
      return `block at ${placeOf(e.a, label)} taken back`;
    case EVENT.HEAP_DAMAGE:
      return `${DAMAGE_TEXT[e.b] ?? 'a foreign store'} at ${placeOf(e.a, label)}`;
    default:
      return `abort: ${ABORT_TEXTS[e.a] ?? ABORT_TEXTS[0]}`;
  }
} // prettier-ignore

/** `heap+0+672b`, as positions are written on the console; short, because a line of the log does not wrap. */
const placeOf = (address: number, label: (page: number) => string): string =>
  `${label(Math.floor(address / PAGE_SIZE))}+${address % PAGE_SIZE}b`;

const STATE_WORDS = {
  trimmed: 'system',
  top: 'top',
  inUse: 'in use',
  tcache: 'tcache',
  fast: 'fastbin',
  unsorted: 'unsorted',
  small: 'small bin',
  large: 'large bin',
  mapped: 'mapped',
} as const;

const DAMAGE_TEXT: Readonly<Record<number, string>> = {
  [DAMAGE.FREED]: 'a freed block is written',
  [DAMAGE.METADATA]: 'the allocator’s own bytes are written',
  [DAMAGE.NOBODY]: 'bytes that are nobody’s are written',
  [DAMAGE.GIVEN_TWICE]: 'a live block is given out again',
};

function stepText({ a, b, page }: EventRecord, label: (page: number) => string): string {
  const where = label(page);
  switch (MALLOC_STEPS[a]) {
    case 'request':
      return `a chunk of ${b} bytes is needed`;
    case 'tcache.hit':
      return `the tcache has one, in ${where}`;
    case 'fastbin.hit':
      return `fastbin ${b} has one, in ${where}`;
    case 'smallbin.hit':
      return `small bin ${b} has one, in ${where}`;
    case 'unsorted.visit':
      return `unsorted chunk of ${b} bytes in ${where}`;
    case 'bin.search':
      return `bin ${b} has one that fits, in ${where}`;
    case 'split':
      return `the chunk in ${where} is cut in two`;
    case 'top.carve':
      return `cut from the top, which keeps ${b} bytes`;
    case 'consolidate':
      return 'the fastbins are emptied and joined';
    case 'system.brk':
      return `asks for ${b} bytes at the break`;
    case 'system.mmap':
      return `asks for a mapping of ${b} bytes`;
    case 'system.munmap':
      return `the mapping of ${b} bytes goes back`;
    case 'system.trim':
      return `${b} bytes of the top go back`;
    case 'design.look':
      return `${b} free ${b === 1 ? 'place is' : 'places are'} looked at`;
    case 'design.take':
      return `${b} bytes are taken, in ${where}`;
    case 'design.split':
      return `${b} bytes are split off and stay free, in ${where}`;
    case 'design.give':
      return `${b} bytes become free, in ${where}`;
    case 'design.merge':
      return `a free neighbour of ${b} bytes joins, in ${where}`;
    case 'design.grow':
      return `${b} bytes more from the system, from ${where} on`;
    default:
      return 'a step of the allocator';
  }
}
