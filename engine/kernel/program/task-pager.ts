import { SIGNAL_REASONS, EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import { VM } from '../../base/flags.ts';
import { allocRow } from '../../base/table.ts';
import { PAGE_SIZE, type Pid } from '../../base/units.ts';
import { CODES, Fault, FETCH, SIGNALS, WRITE, type AccessKind, type Pager } from '../../c/index.ts';
import { accessPage } from '../../mm/access.ts';
import { isReal } from '../../mm/real-mode.ts';
import { runKswapd } from '../../mm/vmscan.ts';
import { findVmaIndex, vmaAt, vmaCount } from '../../mm/vma-list.ts';
import { mmOf } from '../../proc/task.ts';
import type { KernelState } from '../state.ts';

const CODE_NUMBERS = {
  MAPERR: CODES.SEGV_MAPERR,
  ACCERR: CODES.SEGV_ACCERR,
  ADRERR: CODES.BUS_ADRERR,
  KERNEL: CODES.SI_KERNEL,
} as const;

/** A task's memory as the processor sees it: each page goes through the page tables and may fault. */
export class TaskPager implements Pager {
  /** Somebody has changed page tables: translations that are kept are void. */
  changed: () => void = () => {};

  constructor(
    private readonly k: KernelState,
    public pid: Pid,
  ) {}

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.k.contents.bytes;
  }

  page(address: number, kind: AccessKind): number {
    const { k } = this;
    const page = Math.floor(address / PAGE_SIZE);
    if (k.machine.kswapdDue[0] !== 0) {
      runKswapd(k);
      this.changed();
    }
    if (kind === FETCH && !isReal(k)) this.checkExecutable(page, address);
    const before = k.events.next;
    const result = accessPage(k, mmOf(k, this.pid), page, kind === WRITE);
    if (k.events.next !== before) this.changed();
    if (typeof result === 'number') return this.rowOf(result) * PAGE_SIZE;
    if (result.kind === 'killed') throw new Fault(SIGNALS.SIGKILL, 0, address, 'out of memory');
    const { signal, code, reason } = result;
    emit(k.events, EVENT.SIGNAL, page, -1, SIGNALS[signal], SIGNAL_REASONS.indexOf(reason));
    throw new Fault(SIGNALS[signal], CODE_NUMBERS[code], code === 'KERNEL' ? 0 : address, reason);
  }

  /** Source: Linux 6.18 arch/x86/mm/fault.c access_error: a fetch needs VM_EXEC. */
  private checkExecutable(page: number, address: number): void {
    const { k } = this;
    const mm = mmOf(k, this.pid);
    const index = findVmaIndex(k, mm, page);
    const vma = index < vmaCount(k, mm) ? vmaAt(k, mm, index) : null;
    if (vma === null || k.vmas.start[vma]! > page || (k.vmas.flags[vma]! & VM.EXEC) !== 0) return;
    throw new Fault(SIGNALS.SIGSEGV, CODES.SEGV_ACCERR, address, 'permission');
  }

  /** The frame's 4,096 bytes; what was stored in short gets its row. */
  private rowOf(frame: number): number {
    const { frames, contents } = this.k;
    const content = frames.content[frame]!;
    if (content >= 0) return content;
    const row = allocRow(contents);
    contents.bytes[row * PAGE_SIZE] = -1 - content;
    frames.content[frame] = row;
    return row;
  }
}
