import type { Problem } from '../../protocol/player.ts';
import { STOPS, type Stops, type WatchLook, type WatchRow, type WatchSpan } from '../../protocol/watch.ts';
import type { Player } from '../player.ts';
import { lineMapOf } from '../text/line-map.ts';
import { placed } from '../text/problem.ts';
import { stopsAmong } from './stop-events.ts';
import { compileWatch, sightsOf, type Sight, type Watch } from './watch.ts';

/**
 * What a person watches of a run, and where it shall stop. Sights are a cache by position: typed commands make those
 * behind them others.
 */
export class Watcher {
  readonly #sights = new Map<string, Map<number, readonly Sight[]>>();
  #stops: Stops = { events: [], watches: [] };

  constructor(private readonly player: Player) {}

  set(stops: Stops): void {
    this.#stops = stops;
  }

  /** What comes behind a position is about to be another. */
  forgetFrom(position: number): void {
    for (const known of this.#sights.values()) {
      for (const at of [...known.keys()]) if (at >= position) known.delete(at);
    }
  }

  /** Everything watched from the start to the position. The player ends where it stood. */
  look(texts: readonly string[]): WatchLook[] {
    return texts.map((text) => {
      const { watch, problems } = this.#compile(text);
      if (watch === null) return { text, rows: [], problems };
      const { position } = this.player.view();
      const sights = Array.from({ length: position + 1 }, (_, at) => this.#at(text, watch, at));
      this.player.seek(position);
      return { text, rows: rowsOf(sights), problems: [] };
    });
  }

  /** Why a run stops at the position that the last step led to; empty when it does not. The player ends where it stood. */
  reasons(): string[] {
    const { position, report } = this.player.view();
    const { kernel } = this.player;
    if (report === null || kernel === null) return [];
    const events = stopsAmong(kernel.events, report.firstEvent, report.endEvent, this.#stops.events);
    const watches = this.#stops.watches.filter((text) => {
      const { watch } = this.#compile(text);
      if (watch === null) return false;
      const now = this.#at(text, watch, position);
      return fires(watch, this.#at(text, watch, position - 1), now);
    });
    this.player.seek(position);
    return [...events.map((kind) => STOPS[kind]), ...watches];
  }

  /**
   * On, or back, to the next position at which something stops it; else to the end, the start, or before the next
   * question. @returns the reasons
   */
  run(direction: 1 | -1): string[] {
    const start = this.player.view().position;
    for (;;) {
      const { position, length, nextAsk } = this.player.view();
      if (direction === -1 ? position === 0 : position === length) return [];
      if (direction === 1 && position > start && nextAsk !== null) return [];
      if (direction === 1) this.player.next();
      else this.player.back();
      if (this.player.view().position === position) return [];
      const reasons = this.reasons();
      if (reasons.length > 0) return reasons;
    }
  }

  #compile(text: string): { readonly watch: Watch | null; readonly problems: readonly Problem[] } {
    const { kernel } = this.player;
    if (kernel === null) return { watch: null, problems: [] };
    const compiled = compileWatch(text, kernel);
    if (compiled.ok) return { watch: compiled.value, problems: [] };
    const lines = lineMapOf(text);
    return { watch: null, problems: compiled.problems.map((problem) => placed(problem, lines)) };
  }

  #at(text: string, watch: Watch, position: number): readonly Sight[] {
    let known = this.#sights.get(text);
    if (known === undefined) this.#sights.set(text, (known = new Map()));
    let sights = known.get(position);
    if (sights === undefined) {
      this.player.seek(position);
      known.set(position, (sights = sightsOf(this.player.kernel!, watch)));
    }
    return sights;
  }
}

const textOf = (sights: readonly Sight[]): string => sights.map(({ who, value }) => `${who} ${value}`).join('\n');

/** A claim stops a run when it becomes true, anything else when it changes. */
function fires(watch: Watch, before: readonly Sight[], now: readonly Sight[]): boolean {
  if (watch.kind === 'value' && watch.expression.type === 'boolean') {
    return now[0]?.value === 'true' && before[0]?.value !== 'true';
  }
  return textOf(before) !== textOf(now);
}

/** One row for each who was ever seen, as stretches of the same. */
function rowsOf(sights: readonly (readonly Sight[])[]): WatchRow[] {
  const names = new Map(sights.flat().map(({ who, pid }) => [who, pid]));
  return [...names]
    .sort(([, a], [, b]) => a - b)
    .map(([who, pid]) => {
      const spans: WatchSpan[] = [];
      sights.forEach((seen, at) => {
        const { value, owners } = seen.find((sight) => sight.who === who) ?? { value: '', owners: [] };
        const last = spans.at(-1);
        if (last !== undefined && last.value === value && last.owners.join() === owners.join()) {
          spans[spans.length - 1] = { ...last, to: at };
        } else spans.push({ from: at, to: at, value, owners });
      });
      return { who, pid, spans };
    });
}
