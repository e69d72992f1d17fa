import {
  EVENT,
  EVENTS,
  OPERATIONS,
  RECLAIM_REASONS,
  SIGNAL_REASONS,
  STALL_REASONS,
  SWAP_KINDS,
} from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import { FRAME, VM } from '../../base/flags.ts';
import { heapEventText } from './heap-event-text.ts';
import { signalName } from '../../base/signals.ts';
import { moreEventText } from './event-text-more.ts';
import { counted, duration, errnoName } from './words.ts';

/** `A+2` for a virtual page number. */
export type Label = (page: number, pid: number) => string;

const FRAME_WORDS: Readonly<Record<number, string>> = {
  [FRAME.KERNEL]: 'the kernel',
  [FRAME.ZERO]: 'the zero page',
  [FRAME.TABLE]: 'a page table',
  [FRAME.ANON]: 'private memory',
  [FRAME.SHMEM]: 'shared memory',
  [FRAME.FILE]: 'the page cache',
  [FRAME.FLAT]: 'a program',
  [FRAME.HUGETLB]: 'the pool of huge pages',
};

const perms = (flags: number): string =>
  ((flags & VM.READ) !== 0 ? 'r' : '-') +
  ((flags & VM.WRITE) !== 0 ? 'w' : '-') +
  ((flags & VM.EXEC) !== 0 ? 'x' : '-');

const signed = (n: number): string => (n > 0 ? `+${n}` : `−${-n}`);
const op = (e: EventRecord): string => OPERATIONS[e.a] ?? 'an operation';
const writes = (e: EventRecord): boolean => e.a === 1;

/** One event in a few words, as a chip and as a line of the log. */
export function eventText(e: EventRecord, label: Label): string {
  switch (e.kind) {
    case EVENT.COMMAND:
      return op(e).startsWith('@') ? op(e) : `p${e.pid} ${op(e)}`;
    case EVENT.SYSCALL:
      return `p${e.pid} ${op(e)}${e.b > 0 ? `, ${counted(e.b, 'page')}` : ''}`;
    case EVENT.SYSCALL_ERROR:
      return `refused: ${errnoName(e.b)}`;
    case EVENT.ACCESS:
      return `p${e.pid} ${writes(e) ? 'store' : 'load'} ${label(e.page, e.pid)}`;
    case EVENT.FAULT:
      return `${e.b === 1 ? 'major ' : ''}${writes(e) ? 'write' : 'read'} fault`;
    case EVENT.ZERO_MAPPED:
      return 'the zero page is mapped';
    case EVENT.FRAME_ALLOC:
      return `frame ${e.frame} taken for ${FRAME_WORDS[e.a] ?? 'nothing'}`;
    case EVENT.FRAME_FREE:
      return `frame ${e.frame} is free`;
    case EVENT.COW_SHARED:
      return e.a > 1 ? `shared by ${e.a}, read-only` : 'the file’s page, read-only';
    case EVENT.FRAME_COPY:
      return `copy frame ${e.a} to ${e.frame}`;
    case EVENT.COW_REUSE:
      return `no other sharer: frame ${e.frame} stays`;
    case EVENT.PAGE_MAPPED:
      return `${label(e.page, e.pid)} maps frame ${e.frame}, ${writes(e) ? 'writable' : 'read-only'}`;
    case EVENT.PAGE_UNMAPPED:
      return `${label(e.page, e.pid)} no longer maps frame ${e.frame}`;
    case EVENT.PAGE_PROTECTED:
      return `${label(e.page, e.pid)} changes its protection`;
    case EVENT.TABLE_ALLOC:
      return `page table of level ${e.a} in frame ${e.frame}`;
    case EVENT.TABLE_FREE:
      return `page table of level ${e.a} gone`;
    case EVENT.VMA_ADD:
      return `VMA at ${label(e.page, e.pid)}, ${counted(e.a, 'page')}`;
    case EVENT.VMA_REMOVE:
      return `VMA at ${label(e.page, e.pid)} gone, ${counted(e.a, 'page')}`;
    case EVENT.VMA_SPLIT:
      return `VMA split at ${label(e.page, e.pid)}`;
    case EVENT.VMA_MERGE:
      return `VMAs merge to ${counted(e.a, 'page')}`;
    case EVENT.VMA_PROTECT:
      return `${counted(e.a, 'page')} from ${label(e.page, e.pid)} become ${perms(e.b)}`;
    case EVENT.FORK:
      return `child p${e.a}`;
    case EVENT.PAGES_SHARED:
      return `${counted(e.a, 'page')} shared, none copied`;
    case EVENT.EXIT:
      return e.a === 0 ? `p${e.pid} ends` : `p${e.pid} ends by ${signalName(e.a)}`;
    case EVENT.SIGNAL:
      return `${signalName(e.a)}: ${SIGNAL_REASONS[e.b] ?? 'refused'}`;
    case EVENT.OOM_KILL:
      return `out of memory: p${e.b} is chosen, badness ${e.a}`;
    case EVENT.COMMIT:
      return `Committed_AS ${signed(e.a)}, now ${e.b}`;
    case EVENT.BREAK_MOVED:
      return `the break moves by ${signed(e.a)}`;
    case EVENT.CACHE_READ:
      return `page ${e.a} of the file read into frame ${e.frame}`;
    case EVENT.STACK_GROWN:
      return `the stack grows by ${counted(e.a, 'page')}`;
    case EVENT.LIBRARY_CALL:
    case EVENT.MALLOC_STEP:
    case EVENT.CHUNK_MOVED:
    case EVENT.BLOCK_GIVEN:
    case EVENT.BLOCK_FREED:
    case EVENT.HEAP_DAMAGE:
    case EVENT.ABORT:
      return heapEventText(e, (page) => label(page, e.pid));
    case EVENT.TLB_FLUSH:
      return `the TLB forgets ${e.a === 0 ? `all of p${e.pid}` : counted(e.a, 'page')}: ${counted(e.b, 'translation')}`;
    case EVENT.BLOCK_ALLOC:
      return `frames ${e.frame} to ${e.frame + e.b - 1} taken for ${FRAME_WORDS[e.a] ?? 'nothing'}`;
    case EVENT.HUGE_MAPPED:
      return e.a === 1
        ? `512 pages from ${label(e.page, e.pid)} map the huge zero page`
        : `huge page at ${label(e.page, e.pid)}: 512 frames from ${e.frame}`;
    case EVENT.HUGE_SPLIT:
      return `the huge page at ${label(e.page, e.pid)} is split into 512 pages`;
    case EVENT.HUGE_COLLAPSED:
      return `512 pages from ${label(e.page, e.pid)} become a huge page, ${counted(e.a, 'frame')} copied`;
    case EVENT.HUGE_FALLBACK:
      return 'no 512 free frames in a row: single pages';
    case EVENT.HUGE_ZERO_FREED:
      return 'the huge zero page is free';
    case EVENT.STALL:
      return `p${e.pid} stood still for ${duration(e.b)}: ${STALL_REASONS[e.a] ?? 'a fault'}`;
    case EVENT.SWAP_ON:
      return `swap device: ${SWAP_KINDS[e.a] ?? 'unknown'}, ${counted(e.b, 'slot')}`;
    case EVENT.SWAP_OUT:
      return `${label(e.page, e.pid)} of p${e.pid} leaves frame ${e.frame} for swap slot ${e.a}`;
    case EVENT.SWAP_IN:
      return `${label(e.page, e.pid)} is back ${e.b === 1 ? 'from the swap cache' : `from swap slot ${e.a}`} in frame ${e.frame}`;
    case EVENT.SWAP_WRITE:
      if (e.b === 2) return `frame ${e.frame} holds zeros: only a bit is noted for swap slot ${e.a}`;
      return `frame ${e.frame} is ${e.b === 1 ? 'being ' : ''}written to swap slot ${e.a}`;
    case EVENT.SWAP_READ:
      return `swap slot ${e.a} read into frame ${e.frame}`;
    case EVENT.SWAP_CACHE_LEFT:
      return `frame ${e.frame} leaves the swap cache, slot ${e.a}`;
    case EVENT.SLOT_FREE:
      return `swap slot ${e.a} is free`;
    case EVENT.SLOTS_SHARED:
      return `${counted(e.a, 'swapped page')} shared, none read`;
    case EVENT.PAGE_DISCARDED:
      return `${label(e.page, e.pid)} of p${e.pid} loses frame ${e.frame}: ${FRAME_WORDS[e.a] ?? 'nothing'}`;
    case EVENT.RECLAIM:
      return `${RECLAIM_REASONS[e.a] ?? 'reclaim'}: ${counted(e.b, 'frame')} free`;
    case EVENT.EXEC:
      return `p${e.pid} runs another program, at ${`0x${(e.page * 4096).toString(16)}`}`;
    case EVENT.PAGE_DIRTIED:
      return `frame ${e.frame}, page ${e.a} of its file, is dirty`;
    case EVENT.WRITE_BACK:
      return `frame ${e.frame} written to page ${e.a} of its file`;
    case EVENT.READ_AHEAD:
      return `read ahead: ${counted(e.b, 'page')} of the file from page ${e.a}`;
    case EVENT.FILE_MADE:
      return `a file of ${counted(e.b, 'page')}`;
    case EVENT.FILE_SIZED:
      return `the file is ${counted(e.a, 'byte')} long, before ${e.b}`;
    case EVENT.CACHE_DROPPED:
      return `page ${e.a} of the file leaves the page cache`;
    case EVENT.FILE_READ:
      return `read of ${counted(e.a, 'byte')} at byte ${e.b} of the file`;
    case EVENT.FILE_WRITTEN:
      return `write of ${counted(e.a, 'byte')} at byte ${e.b} of the file`;
    case EVENT.KSWAPD_WOKEN:
      return `kswapd wakes: ${counted(e.a, 'frame')} free, low mark ${e.b}`;
    case EVENT.REFAULT:
      return `frame ${e.frame}: away for ${e.a}${e.b === 1 ? ', gone too soon' : ''}`;
    default:
      // a kind that is younger than this table: its name says enough
      return moreEventText(e, label) ?? (EVENTS[e.kind]?.name ?? 'an event').toLowerCase().replaceAll('_', ' ');
  }
}
