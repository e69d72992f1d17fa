import { ERRNO, fail, type SysResult } from '../../base/errno.ts';
import { EVENT, OPERATIONS, type Operation } from '../../base/event-kinds.ts';
import { emit, within } from '../../base/event-log.ts';
import { VM } from '../../base/flags.ts';
import { MAX_VECTOR } from '../../base/limits.ts';
import { PAGE_SIZE, pagesFor, type MmId, type Pid } from '../../base/units.ts';
import { errorNumber } from '../../c/index.ts';
import { ADVICE, type AdviceName } from '../../mm/advice.ts';
import { sysBrk } from '../../mm/brk.ts';
import { costOf, PRICE } from '../../mm/costs.ts';
import { sysMadvise } from '../../mm/madvise.ts';
import { sysMincore } from '../../mm/mincore.ts';
import { sysMlock, sysMlockall, sysMunlock, sysMunlockall } from '../../mm/mlock.ts';
import { sysMmap } from '../../mm/mmap.ts';
import { sysMprotect } from '../../mm/mprotect.ts';
import { sysMremap } from '../../mm/mremap.ts';
import { sysMsync } from '../../mm/msync.ts';
import { sysMunmap } from '../../mm/munmap.ts';
import { settleFrames } from '../../mm/mlock-batch.ts';
import { pageUnit } from '../../mm/page-unit.ts';
import { flushPending } from '../../mm/tlb-flush.ts';
import { mappableFile } from './descriptors.ts';
import { overlapsVma } from '../../mm/vma-list.ts';
import { mmOf } from '../../proc/task.ts';
import { spend } from '../boot.ts';
import { highestFree } from '../free-place.ts';
import { isAbsent } from '../real.ts';
import type { KernelState } from '../state.ts';

/** Source: Linux include/uapi/asm-generic/mman-common.h, mman.h. */
const MAP = { SHARED: 1, PRIVATE: 2, FIXED: 16, ANONYMOUS: 32, LOCKED: 8192, NORESERVE: 16384, POPULATE: 32768, NOREPLACE: 1048576 } as const; // prettier-ignore
const MREMAP = { MAYMOVE: 1, FIXED: 2, DONTUNMAP: 4 } as const;
const ADVICE_NAMES = new Map(Object.entries(ADVICE).map(([name, number]) => [number as number, name as AdviceName]));

const access = (protection: number): number =>
  ((protection & 1) !== 0 ? VM.READ : 0) |
  ((protection & 2) !== 0 ? VM.WRITE : 0) |
  ((protection & 4) !== 0 ? VM.EXEC : 0);

/** The system calls about memory, of the task that runs: each an event with its price, its errno as a negative number. */
export class MemorySystem {
  constructor(
    private readonly k: KernelState,
    private readonly current: () => Pid,
    /** Page tables may have changed. */
    private readonly changed: () => void,
  ) {}

  private get mm(): MmId {
    return mmOf(this.k, this.current());
  }

  /** One system call. @returns its value, or the negative number of its error */
  private call<T>(op: Operation, length: number, run: () => SysResult<T>): T | number {
    const { k } = this;
    const index = OPERATIONS.indexOf(op);
    const id = emit(k.events, EVENT.SYSCALL, -1, -1, index, pagesFor(length));
    spend(k, this.current(), costOf(k, PRICE.system_call));
    return within(k.events, id, () => {
      const result = isAbsent(k, op) ? fail('ENOSYS') : run();
      flushPending(k);
      settleFrames(k);
      this.changed();
      if (result.ok) return result.value;
      emit(k.events, EVENT.SYSCALL_ERROR, -1, -1, index, ERRNO[result.errno]);
      return -errorNumber(result.errno);
    });
  }

  /** A call that says itself what went wrong, as a negative number. */
  protected called(op: Operation, length: number, run: () => number): number {
    const { k } = this;
    const index = OPERATIONS.indexOf(op);
    const id = emit(k.events, EVENT.SYSCALL, -1, -1, index, pagesFor(length));
    spend(k, this.current(), costOf(k, PRICE.system_call));
    return within(k.events, id, () => {
      const value = run();
      flushPending(k);
      this.changed();
      if (value < 0) emit(k.events, EVENT.SYSCALL_ERROR, -1, -1, index, -value);
      return value;
    });
  }

  private plain(op: Operation, length: number, run: () => SysResult): number {
    return this.call(op, length, run);
  }

  brk(address: number): number {
    const now = this.k.mms.brk[this.mm]!;
    if (address === 0) return now;
    return this.call('brk', Math.abs(address - now), () => ({ ok: true, value: sysBrk(this.k, this.mm, address) }));
  }

  mmap(address: number, length: number, protection: number, flags: number, fd: number, offset: number): number {
    if (offset % PAGE_SIZE !== 0) return -errorNumber('EINVAL');
    const file = (flags & MAP.ANONYMOUS) !== 0 ? null : mappableFile(this.k, this.current(), fd);
    if (typeof file === 'number') return file;
    const stores = (flags & 3) !== MAP.PRIVATE && (protection & 2) !== 0;
    if (file !== null && stores && !file.writable) return -errorNumber('EACCES');
    const fixed = (flags & (MAP.FIXED | MAP.NOREPLACE)) !== 0;
    const place = fixed ? address : this.placeFor(address, length);
    if (place === null) return -errorNumber(length === 0 ? 'EINVAL' : 'ENOMEM');
    const kind = flags & 3;
    const page: number = this.call('mmap', length, () =>
      sysMmap(this.k, this.mm, {
        address: place,
        length,
        access: access(protection),
        sharing: kind === MAP.SHARED || kind === 3 ? 'shared' : kind === MAP.PRIVATE ? 'private' : 'none',
        placement: (flags & MAP.FIXED) !== 0 && (flags & MAP.NOREPLACE) === 0 ? 'fixed' : 'noreplace',
        noreserve: (flags & MAP.NORESERVE) !== 0,
        populate: (flags & MAP.POPULATE) !== 0,
        locked: (flags & MAP.LOCKED) !== 0,
        ...(file === null ? {} : { file: { object: file.object, offset } }),
      }),
    );
    return page < 0 ? page : page * PAGE_SIZE;
  }

  /** The wish where it is free, else the highest free place below the library. Source: arch_get_unmapped_area_topdown. */
  private placeFor(wish: number, length: number): number | null {
    const pages = pagesFor(length);
    if (length <= 0) return length === 0 ? 0 : null;
    const unit = pageUnit(this.k);
    const page = Math.ceil(wish / (unit * PAGE_SIZE)) * unit;
    const lowest = Math.ceil(this.k.machine.mmapMinAddr[0]! / PAGE_SIZE);
    if (page >= lowest && page + pages <= 2 ** 35 && !overlapsVma(this.k, this.mm, page, page + pages))
      return page * PAGE_SIZE;
    const found = highestFree(this.k, this.mm, pages);
    return found < lowest ? null : found * PAGE_SIZE;
  }

  mremap(address: number, oldLength: number, newLength: number, flags: number, target: number): number {
    const request = {
      address,
      oldLength,
      newLength,
      mayMove: (flags & MREMAP.MAYMOVE) !== 0,
      dontUnmap: (flags & MREMAP.DONTUNMAP) !== 0,
      fixed: (flags & MREMAP.FIXED) !== 0 ? target : null,
      choosePlace: (pages: number): number => highestFree(this.k, this.mm, pages),
    };
    const page = this.call('mremap', newLength, () => sysMremap(this.k, this.mm, request));
    return page < 0 ? page : page * PAGE_SIZE;
  }

  munmap(address: number, length: number): number {
    return this.plain('munmap', length, () => sysMunmap(this.k, this.mm, address, length));
  }
  mprotect(address: number, length: number, protection: number): number {
    return this.plain('mprotect', length, () => sysMprotect(this.k, this.mm, address, length, access(protection)));
  }
  madvise(address: number, length: number, advice: number): number {
    const name = ADVICE_NAMES.get(advice) ?? 'bogus';
    return this.plain('madvise', length, () => sysMadvise(this.k, this.mm, address, length, name));
  }
  mincore(address: number, length: number): number | number[] {
    return this.call('mincore', length, () =>
      sysMincore(this.k, this.mm, address, length, Math.max(MAX_VECTOR, pagesFor(length))),
    );
  }
  msync(address: number, length: number, flags: number): number {
    return this.plain('msync', length, () => sysMsync(this.k, this.mm, address, length, flags));
  }
  mlock(address: number, length: number, flags: number): number {
    return this.plain(flags === 0 ? 'mlock' : 'mlock2', length, () =>
      sysMlock(this.k, this.mm, address, length, flags),
    );
  }
  munlock(address: number, length: number): number {
    return this.plain('munlock', length, () => sysMunlock(this.k, this.mm, address, length));
  }
  mlockall(flags: number): number {
    return this.plain('mlockall', 0, () => sysMlockall(this.k, this.mm, flags));
  }
  munlockall(): number {
    return this.plain('munlockall', 0, () => sysMunlockall(this.k, this.mm));
  }
}
