import { RELOAD_SPAN_MS, RELOADS } from '../limits.ts';

/** Tells an accident from a loop: a page that crashes again and again must not be reloaded for ever. */
export class ReloadBudget {
  private times: number[] = [];

  /** @returns whether one more reload is within the budget, and counts it if so */
  spend(nowMs: number): boolean {
    this.times = this.times.filter((time) => nowMs - time < RELOAD_SPAN_MS);
    if (this.times.length >= RELOADS) return false;
    this.times.push(nowMs);
    return true;
  }

  /** A person decided: count from zero. */
  reset(): void {
    this.times = [];
  }
}
