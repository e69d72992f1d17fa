import { EVENT } from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import { FRAME } from '../../base/flags.ts';

/** How one fault was served. */
export interface FaultStory {
  readonly page: number;
  readonly write: boolean;
  readonly major: boolean;
  /**
   * zero: the zero page was mapped. fresh: a zeroed frame. copy: a shared frame was copied. fileCopy: a file's page was
   * copied. reuse: the last sharer kept the frame. read: read from the file. cached: a frame that was there is mapped.
   * huge: 512 frames in one entry; hugeZero: the huge zero page. swapped: read from swap. swapCached: in swap, but its frame was still there.
   */
  kind:
    | 'huge'
    | 'hugeZero'
    | 'zero'
    | 'fresh'
    | 'copy'
    | 'fileCopy'
    | 'reuse'
    | 'read'
    | 'cached'
    | 'swapped'
    | 'swapCached'
    | 'unserved';
  frame: number;
  /** Frame that was copied, or swap slot that was read. */
  from: number;
  sharers: number;
  /** The store made a file's page dirty. */
  dirties: boolean;
  /** Pages read from the disk in it. */
  reads: number;
}

/** What the events of one command come to. */
export interface Tally {
  readonly faults: readonly FaultStory[];
  /** Frames with data, and page tables, that became free. */
  readonly freedFrames: number;
  readonly freedTables: number;
  readonly unmappedPages: number;
  readonly pagesShared: number;
  readonly zeroShared: number;
  readonly copies: number;
  readonly tableFrames: number;
  readonly commitChange: number;
  readonly stackGrown: number;
  readonly breakChange: number;
  readonly mappedPages: number;
  /** Pages that went to swap, were thrown away, were read from swap. */
  readonly swappedOut: number;
  readonly discarded: number;
  readonly swapReads: number;
  /** Victims of the out-of-memory killer. */
  readonly killed: readonly number[];
  readonly error: number;
  readonly syscalls: number;
  /** Steps of the allocator in their order: indices in MALLOC_STEPS. */
  readonly librarySteps: readonly number[];
  /** Kind of the first damage to the heap, or null. */
  readonly damage: number | null;
  /** The event of an earlier command that an abort is led back to, 0 for none. */
  readonly blame: number;
  /** Of files: pages read from the disk, written to it, dropped from the cache. */
  readonly pagesRead: number;
  readonly pagesWritten: number;
  readonly pagesDropped: number;
  /** Tasks that ended, stopped, went on, whose handler ran; zombies are those that ended and stay. */
  readonly ended: readonly number[];
  readonly stopped: readonly number[];
  readonly continued: readonly number[];
  readonly handled: readonly number[];
  readonly zombies: readonly number[];
  /** Without protection: accesses to what is not the task's, and frames that an area took at once. */
  readonly strays: readonly { readonly page: number; readonly frame: number; readonly kind: number }[];
  readonly flatFrames: readonly [first: number, count: number] | null;
  readonly leftRoot: boolean;
  /** Victims that could not end, and what was taken of them. */
  readonly reaped: readonly { readonly pid: number; readonly pages: number }[];
}

const USER_KINDS: ReadonlySet<number> = new Set([FRAME.ANON, FRAME.SHMEM, FRAME.FILE, FRAME.FLAT]);

export function tallyOf(events: readonly EventRecord[]): Tally {
  const stories = new Map<number, FaultStory>();
  const count = (kind: number): EventRecord[] => events.filter((e) => e.kind === kind);
  const sum = (kind: number, of: (e: EventRecord) => number): number => count(kind).reduce((s, e) => s + of(e), 0);
  for (const event of count(EVENT.FAULT)) {
    stories.set(event.id, {
      page: event.page,
      write: event.a === 1,
      major: event.b === 1,
      kind: 'unserved',
      frame: -1,
      from: -1,
      sharers: 0,
      dirties: false,
      reads: 0,
    });
  }
  const byId = new Map(events.map((e) => [e.id as number, e]));
  for (const event of events) {
    const story = storyOf(event, stories, byId);
    if (story !== null) tell(story, event);
  }
  return {
    faults: [...stories.values()],
    freedFrames: count(EVENT.FRAME_FREE).filter((e) => USER_KINDS.has(e.a)).length,
    freedTables: count(EVENT.TABLE_FREE).length,
    unmappedPages: count(EVENT.PAGE_UNMAPPED).length,
    pagesShared: sum(EVENT.PAGES_SHARED, (e) => e.a),
    zeroShared: sum(EVENT.PAGES_SHARED, (e) => e.b),
    swappedOut: count(EVENT.SWAP_OUT).length,
    discarded: count(EVENT.PAGE_DISCARDED).length,
    swapReads: count(EVENT.SWAP_READ).length,
    copies: count(EVENT.FRAME_COPY).length,
    tableFrames: count(EVENT.TABLE_ALLOC).length,
    commitChange: sum(EVENT.COMMIT, (e) => e.a),
    stackGrown: sum(EVENT.STACK_GROWN, (e) => e.a),
    breakChange: sum(EVENT.BREAK_MOVED, (e) => e.a),
    mappedPages: count(EVENT.PAGE_MAPPED).length + 512 * count(EVENT.HUGE_MAPPED).filter((e) => e.a === 0).length,
    killed: count(EVENT.OOM_KILL).map((e) => e.b),
    pagesRead: count(EVENT.CACHE_READ).length,
    pagesWritten: count(EVENT.WRITE_BACK).length,
    pagesDropped: count(EVENT.CACHE_DROPPED).length,
    error: count(EVENT.SYSCALL_ERROR).at(-1)?.b ?? 0,
    syscalls: count(EVENT.SYSCALL).length,
    librarySteps: count(EVENT.MALLOC_STEP).map((e) => e.a),
    damage: count(EVENT.HEAP_DAMAGE)[0]?.b ?? null,
    blame: count(EVENT.ABORT).find((e) => !byId.has(e.cause))?.cause ?? 0,
    ended: count(EVENT.EXIT).map((e) => e.pid),
    stopped: count(EVENT.TASK_STOPPED).map((e) => e.pid),
    continued: count(EVENT.TASK_CONTINUED).map((e) => e.pid),
    handled: count(EVENT.SIGNAL_HANDLED).map((e) => e.pid),
    zombies: count(EVENT.ZOMBIE).map((e) => e.pid),
    strays: count(EVENT.STRAY_ACCESS).map(({ page, frame, b }) => ({ page, frame, kind: b })),
    flatFrames: flatOf(count(EVENT.BLOCK_ALLOC).find((e) => e.a === FRAME.FLAT)),
    leftRoot: count(EVENT.UID_SET).some((e) => e.b === 0 && e.a !== 0),
    reaped: count(EVENT.OOM_REAPED).map((e) => ({ pid: e.b, pages: e.a })),
  };
}

const flatOf = (taken: EventRecord | undefined): Tally['flatFrames'] =>
  taken === undefined ? null : [taken.frame, taken.b];

/** The fault an event happened in: the nearest one up its causes. */
function storyOf(
  event: EventRecord,
  stories: ReadonlyMap<number, FaultStory>,
  byId: ReadonlyMap<number, EventRecord>,
): FaultStory | null {
  for (let id: number = event.cause; id !== 0;) {
    const story = stories.get(id);
    if (story !== undefined) return story;
    const cause = byId.get(id);
    if (cause === undefined) return null;
    id = cause.cause;
  }
  return null;
}

/** An event of a fault says how it is served; the page's own events only, not those of its neighbours. */
function tell(story: FaultStory, event: EventRecord): void {
  switch (event.kind) {
    case EVENT.ZERO_MAPPED:
      story.kind = 'zero';
      break;
    case EVENT.COW_SHARED:
      story.sharers = event.a;
      break;
    case EVENT.FRAME_COPY:
      story.kind = story.sharers > 1 ? 'copy' : 'fileCopy';
      story.frame = event.frame;
      story.from = event.a;
      break;
    case EVENT.HUGE_MAPPED:
      story.kind = event.a === 1 ? 'hugeZero' : 'huge';
      story.frame = event.frame;
      break;
    case EVENT.COW_REUSE:
      story.kind = 'reuse';
      story.frame = event.frame;
      break;
    case EVENT.SWAP_IN:
      story.kind = event.b === 1 ? 'swapCached' : 'swapped';
      story.frame = event.frame;
      story.from = event.a;
      break;
    case EVENT.CACHE_READ:
      // read ahead in a minor fault: the page itself was there
      if (!story.major) break;
      story.kind = 'read';
      story.reads++;
      story.frame = event.frame;
      break;
    case EVENT.PAGE_DIRTIED:
      story.dirties = true;
      break;
    case EVENT.FRAME_ALLOC:
      if (event.a === FRAME.ANON || event.a === FRAME.SHMEM) {
        story.kind = 'fresh';
        story.frame = event.frame;
      }
      break;
    case EVENT.PAGE_MAPPED:
      if (event.page !== story.page) break;
      if (story.kind === 'unserved') story.kind = 'cached';
      if (story.kind === 'cached' || story.kind === 'read') story.frame = event.frame;
      break;
    default:
  }
}
