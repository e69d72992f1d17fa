import { assert } from '../base/assert.ts';
import { ERRNO, type Errno, type SysResult } from '../base/errno.ts';
import { EVENT, OPERATIONS, SIGNAL_REASONS, type Operation, type SignalReason } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { FRAME, VM } from '../base/flags.ts';
import { PAGE_SIZE, pagesFor, type MmId, type Pid } from '../base/units.ts';
import { ALLOCATOR_STATE_BYTES, FAILED, FLAT_LAYOUT, type MallocMemory } from '../malloc/index.ts';
import { AllocatorStop } from '../malloc/stop.ts';
import { accessPage } from '../mm/access.ts';
import { costOf, PRICE } from '../mm/costs.ts';
import { sysBrk } from '../mm/brk.ts';
import { fillBytes, contentByte, peekByte, storeByte } from '../mm/frame-bytes.ts';
import { sysMadvise } from '../mm/madvise.ts';
import { sysMmap, type MmapRequest } from '../mm/mmap.ts';
import { sysMremap } from '../mm/mremap.ts';
import { sysMunmap } from '../mm/munmap.ts';
import { settleFrames } from '../mm/mlock-batch.ts';
import { flushPending } from '../mm/tlb-flush.ts';
import { contentOfPage } from '../mm/peek-page.ts';
import { overlapsVma } from '../mm/vma-list.ts';
import { SIGNAL } from '../base/signals.ts';
import { mmOf } from '../proc/task.ts';
import { spend } from './boot.ts';
import { CEILING_PAGE, highestFree } from './free-place.ts';
import { aliasRegion } from './regions.ts';
import type { KernelState } from './state.ts';

/** Pages of the C library that hold main_arena, at the place of a process without ASLR. */
const LIBRARY_PAGE = Math.floor(FLAT_LAYOUT.arena / PAGE_SIZE);
const LIBRARY_PAGES = pagesFor((FLAT_LAYOUT.arena % PAGE_SIZE) + ALLOCATOR_STATE_BYTES);

/** In place of a frame: the program's image, which reads as zeros. */
const NOTHING = -1;

/** Bits of an address that lie within a page; a remainder of numbers beyond 31 bits is many times slower. */
const IN_PAGE = PAGE_SIZE - 1;

/**
 * A task's memory as its allocator sees it: every load and store goes through the page tables and may fault, every call
 * is a system call with its event, its price and its errno. Nothing is kept here, so it may be made anew at any time.
 */
export class TaskMallocMemory implements MallocMemory {
  errno: Errno | null = null;
  /** Why the last load or store was caught. */
  caught: { readonly code: 'MAPERR' | 'ACCERR' | 'ADRERR' | 'KERNEL'; readonly reason: SignalReason } | null = null;
  /** Virtual nanoseconds so far that went into system calls and into faults of the library's own accesses. */
  systemNs = 0;
  faultNs = 0;
  /** Bytes got from the system since this was made, the most at a time, and calls, refused ones too. */
  held = 0;
  peak = 0;
  systemCalls = 0;
  private drawn = 0;

  constructor(
    private readonly k: KernelState,
    private readonly pid: Pid,
  ) {}

  /** Address of main_arena; the library's data is mapped when it is not there yet. @returns null when it cannot be */
  mapLibrary(): number | null {
    const { k } = this;
    if (overlapsVma(k, this.mm, LIBRARY_PAGE, LIBRARY_PAGE + LIBRARY_PAGES)) return FLAT_LAYOUT.arena;
    const data = anonymous(LIBRARY_PAGE * PAGE_SIZE, LIBRARY_PAGES * PAGE_SIZE);
    const mapped = sysMmap(k, this.mm, { ...data, small: true });
    if (mapped.ok) aliasRegion(k, LIBRARY_REGION, LIBRARY_PAGE);
    return mapped.ok ? FLAT_LAYOUT.arena : null;
  }

  /** Where the break is. Bytes. */
  get breakAddress(): number {
    return this.k.mms.brk[this.mm]!;
  }

  /** Looks whether a range reads as zeros; touches nothing. */
  isZero(address: number, length: number): boolean {
    for (let at = address; at < address + length;) {
      const page = Math.floor(at / PAGE_SIZE);
      const end = Math.min(address + length, (page + 1) * PAGE_SIZE);
      const content = contentOfPage(this.k, this.mm, page);
      if (content !== -1) for (; at < end; at++) if (contentByte(this.k, content, at & IN_PAGE) !== 0) return false;
      at = end;
    }
    return true;
  }

  load8 = (address: number): number => this.load(address, 1);
  load16 = (address: number): number => this.load(address, 2);
  load32 = (address: number): number => this.load(address, 4);
  load64(address: number): number {
    if ((address & IN_PAGE) + 8 > PAGE_SIZE) return (this.load(address + 4, 4) | 0) * 2 ** 32 + this.load(address, 4);
    const frame = this.frameOf(address, false);
    const offset = address & IN_PAGE;
    return (this.read(frame, offset + 4, 4) | 0) * 2 ** 32 + this.read(frame, offset, 4);
  }

  store8 = (address: number, value: number): void => this.store(address, 1, value);
  store16 = (address: number, value: number): void => this.store(address, 2, value);
  store32 = (address: number, value: number): void => this.store(address, 4, value);
  store64(address: number, value: number): void {
    const high = Math.floor(value / 2 ** 32);
    if ((address & IN_PAGE) + 8 > PAGE_SIZE) {
      this.store(address, 4, value);
      this.store(address + 4, 4, high);
      return;
    }
    const frame = this.frameOf(address, true);
    const offset = address & IN_PAGE;
    this.write(frame, offset, 4, value);
    this.write(frame, offset + 4, 4, high);
  }

  fill(address: number, length: number, byte: number): void {
    this.eachPage(address, length, (at, count) => {
      fillBytes(this.k, this.frameOf(at, true), at % PAGE_SIZE, count, byte);
    });
  }

  copy(to: number, from: number, length: number): void {
    this.eachPage(from, length, (source, count) => {
      const bytes = new Uint8Array(count);
      const frame = this.frameOf(source, false);
      if (frame !== NOTHING) for (let i = 0; i < count; i++) bytes[i] = peekByte(this.k, frame, (source & IN_PAGE) + i);
      this.eachPage(to + (source - from), count, (target, part) => {
        const into = this.frameOf(target, true);
        const skip = target - (to + (source - from));
        for (let i = 0; i < part; i++) storeByte(this.k, into, (target & IN_PAGE) + i, bytes[skip + i]!);
      });
    });
  }

  /** glibc 2.36 misc/sbrk.c: a break below the heap's start is refused by the kernel and no failure to the program. */
  sbrk(delta: number): number {
    const { k, mm } = this;
    const before = k.mms.brk[mm]!;
    if (delta === 0 || (delta < 0 && k.rules.heapNeverShrinks)) return before;
    const moved = this.call('brk', Math.abs(delta), () => {
      const after = sysBrk(k, mm, before + delta);
      return after < before + delta ? { ok: false, errno: 'ENOMEM' } : { ok: true, value: after };
    });
    if (moved === FAILED) return FAILED;
    this.hold(delta);
    return before;
  }

  mmap(length: number): number {
    if (this.k.rules.blocksAreNeverMapped) return FAILED;
    const place = this.findPlace(pagesFor(length));
    const page = this.call('mmap', length, () => sysMmap(this.k, this.mm, anonymous(place * PAGE_SIZE, length)));
    if (page === FAILED) return FAILED;
    nameMapping(this.k, page);
    this.hold(pagesFor(length) * PAGE_SIZE);
    return page * PAGE_SIZE;
  }

  munmap(address: number, length: number): void {
    const done = this.call('munmap', length, () => sysMunmap(this.k, this.mm, address, length));
    if (done !== FAILED) this.hold(-pagesFor(length) * PAGE_SIZE);
  }

  mremap(address: number, oldLength: number, newLength: number): number {
    // The library, most of which the lab's process does not have, is in the way all the same.
    const blocked = address < FLAT_LAYOUT.library[0] && address + newLength > FLAT_LAYOUT.library[0];
    const place = blocked && newLength > oldLength ? this.findPlace(pagesFor(newLength)) : CEILING_PAGE;
    const fixed = place === CEILING_PAGE ? null : place * PAGE_SIZE;
    const request = { address, oldLength, newLength, mayMove: true, dontUnmap: false, fixed };
    const choosePlace = (pages: number): number => this.findPlace(pages);
    const page = this.call('mremap', newLength, () => sysMremap(this.k, this.mm, { ...request, choosePlace }));
    if (page === FAILED) return FAILED;
    nameMapping(this.k, page);
    this.hold(newLength - oldLength);
    return page * PAGE_SIZE;
  }

  dontneed(address: number, length: number): void {
    this.call('madvise', length, () => sysMadvise(this.k, this.mm, address, length, 'dontneed'));
  }

  /** Follows from the machine's seed, the task and the number of commands so far. */
  random32(): number {
    const { machine } = this.k;
    let x =
      (machine.seed[0]! * 0x9e3779b1 + this.pid * 0x85ebca6b + machine.steps[0]! * 0xc2b2ae35 + this.drawn++) >>> 0;
    for (let i = 0; i < 3; i++) x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) >>> 0;
    return x;
  }

  setErrno(errno: Errno): void {
    this.errno = errno;
  }

  private get mm(): MmId {
    return mmOf(this.k, this.pid);
  }

  private hold(bytes: number): void {
    this.held += bytes;
    this.peak = Math.max(this.peak, this.held);
  }

  /** A system call: an event with its length, its price, its error in words. */
  private call(op: Operation, length: number, run: () => SysResult<number>): number {
    const { k, pid } = this;
    const index = OPERATIONS.indexOf(op);
    const id = emit(k.events, EVENT.SYSCALL, -1, -1, index, pagesFor(length));
    const before = k.machine.timeNs[0]!;
    this.systemCalls++;
    spend(k, pid, costOf(k, PRICE.system_call));
    return within(k.events, id, () => {
      const result = run();
      flushPending(k);
      settleFrames(k);
      this.systemNs += k.machine.timeNs[0]! - before;
      if (result.ok) return result.value;
      emit(k.events, EVENT.SYSCALL_ERROR, -1, -1, index, ERRNO[result.errno]);
      this.errno = result.errno;
      return FAILED;
    });
  }

  private findPlace(pages: number): number {
    const place = highestFree(this.k, this.mm, pages);
    // Where nothing fits, an address that the call itself refuses.
    return place * PAGE_SIZE < this.k.machine.mmapMinAddr[0]! ? CEILING_PAGE : place;
  }

  /** One load or store by the program. @returns the frame it goes to */
  private frameOf(address: number, write: boolean): number {
    const { k, pid } = this;
    const page = Math.floor(address / PAGE_SIZE);
    const before = k.tasks.stallNs[pid]!;
    const result = accessPage(k, this.mm, page, write);
    this.faultNs += k.tasks.stallNs[pid]! - before;
    spend(k, pid, costOf(k, PRICE.memory_access));
    if (typeof result === 'number') return result;
    if (result.kind === 'killed') throw new AllocatorStop({ kind: 'signal', signal: 'SIGKILL' });
    if (!write && result.code === 'MAPERR' && this.inImage(address)) return NOTHING;
    this.caught = { code: result.code, reason: result.reason };
    emit(k.events, EVENT.SIGNAL, page, -1, SIGNAL[result.signal], SIGNAL_REASONS.indexOf(result.reason));
    throw new AllocatorStop({ kind: 'signal', signal: result.signal });
  }

  /**
   * Whether a real process has its program or the C library there, of which the lab's has the allocator's data alone. A
   * link that a bug has bent may lead there, and what the allocator reads must not end it where the real one reads on.
   */
  private inImage(address: number): boolean {
    const { library, program } = FLAT_LAYOUT;
    if (address >= library[0] && address < library[1]) return true;
    return address >= program && address < this.k.mms.startBrk[this.mm]!;
  }

  private load(address: number, size: 1 | 2 | 4): number {
    if ((address & IN_PAGE) + size <= PAGE_SIZE)
      return this.read(this.frameOf(address, false), address & IN_PAGE, size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.load(address + i, 1);
    return value;
  }

  private store(address: number, size: 1 | 2 | 4, value: number): void {
    if ((address & IN_PAGE) + size > PAGE_SIZE) {
      for (let i = 0; i < size; i++) this.store(address + i, 1, value >>> (i * 8));
      return;
    }
    this.write(this.frameOf(address, true), address & IN_PAGE, size, value);
  }

  /** Little-endian bytes into one frame. */
  private write(frame: number, offset: number, size: number, value: number): void {
    const { frames, contents } = this.k;
    const content = frames.content[frame]!;
    if (content >= 0 && size === 4 && frames.kind[frame] !== FRAME.TABLE && frames.kind[frame] !== FRAME.ZERO) {
      const at = content * PAGE_SIZE + offset;
      const { bytes } = contents;
      bytes[at] = value;
      bytes[at + 1] = value >>> 8;
      bytes[at + 2] = value >>> 16;
      bytes[at + 3] = value >>> 24;
      return;
    }
    for (let i = 0; i < size; i++) storeByte(this.k, frame, offset + i, (value >>> (i * 8)) & 0xff);
  }

  /** Little-endian bytes of one frame, without any effect. */
  private read(frame: number, offset: number, size: number): number {
    if (frame === NOTHING) return 0;
    const { frames, contents } = this.k;
    const content = frames.content[frame]!;
    if (content >= 0 && size === 4 && frames.kind[frame] !== FRAME.TABLE) {
      const at = content * PAGE_SIZE + offset;
      const { bytes } = contents;
      return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    }
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + peekByte(this.k, frame, offset + i);
    return value;
  }

  private eachPage(address: number, length: number, visit: (at: number, count: number) => void): void {
    assert(length >= 0, 'a length is not negative');
    for (let at = address; at < address + length;) {
      const count = Math.min(address + length - at, PAGE_SIZE - (at & IN_PAGE));
      visit(at, count);
      at += count;
    }
  }
}

/** What the library's own pages and its mappings are called on the console. */
export const LIBRARY_REGION = 'libc';
const MAPPING_REGION = 'map';
/** Mappings beyond these go by their addresses. */
const MAX_NAMED_MAPPINGS = 64;

/** A name for a mapping that the allocator made, so that its pages can be spoken of. */
function nameMapping(k: KernelState, page: number): void {
  if (k.regions.some((region) => region.page === page)) return;
  const named = k.regions.filter((region) => isAllocatorRegion(region.name)).length;
  if (named <= MAX_NAMED_MAPPINGS) aliasRegion(k, `${MAPPING_REGION}${named}`, page);
}

/** Names that the allocator gave, not the console. */
export const isAllocatorRegion = (name: string): boolean => name === LIBRARY_REGION || /^map\d+$/.test(name);

const anonymous = (address: number, length: number): MmapRequest => ({
  address,
  length,
  access: VM.READ | VM.WRITE,
  sharing: 'private',
  placement: 'noreplace',
  noreserve: false,
  populate: false,
  locked: false,
});
