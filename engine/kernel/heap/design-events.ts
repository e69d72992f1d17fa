import { EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import type { DesignStep, DesignWatcher } from '../../malloc/designs/index.ts';
import type { KernelState } from '../state.ts';
import { noteLooks } from './allocators.ts';
import { MALLOC_STEPS } from './heap-events.ts';
import { pageOfAddress } from './heap-state.ts';

/** Tells the event log what an allocator of another design does: one event for a whole search, one for each other step. */
export class DesignEvents implements DesignWatcher {
  private looks = 0;

  constructor(
    private readonly k: KernelState,
    private readonly pid: number,
  ) {}

  step(step: DesignStep, a: number, b: number): void {
    if (step === 'look') {
      this.looks++;
      return;
    }
    this.searched();
    emit(this.k.events, EVENT.MALLOC_STEP, pageOfAddress(a), -1, MALLOC_STEPS.indexOf(`design.${step}`), b);
  }

  /** What was looked at so far becomes one event. */
  searched(): void {
    const { k, pid, looks } = this;
    if (looks === 0) return;
    this.looks = 0;
    noteLooks(k, pid, looks);
    emit(k.events, EVENT.MALLOC_STEP, -1, -1, MALLOC_STEPS.indexOf('design.look'), looks);
  }
}
