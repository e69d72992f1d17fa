import { nextBelow, seedPrng } from '../../base/prng.ts';
import type { PolicyName } from '../policy.ts';

/**
 * Each policy once more, as its textbook sentence says it: arrays that are searched and sorted, no tricks, no code shared
 * with what is tested. Tells of each reference whether it was a hit.
 */
export function naiveHits(name: PolicyName, frames: number, seed: number, pages: readonly number[]): boolean[] {
  return NAIVE[name](frames, pages, seed);
}

type Naive = (frames: number, pages: readonly number[], seed: number) => boolean[];

const NAIVE: Readonly<Record<PolicyName, Naive>> = {
  fifo(frames, pages) {
    const queue: number[] = [];
    return pages.map((page) => {
      if (queue.includes(page)) return true;
      queue.push(page);
      if (queue.length > frames) queue.shift();
      return false;
    });
  },

  /** Stack distance: a hit is a page with fewer than `frames` other pages since its last use (Mattson, 1970). */
  lru(frames, pages) {
    return pages.map((page, at) => {
      const last = pages.lastIndexOf(page, at - 1);
      return at > 0 && last >= 0 && new Set(pages.slice(last + 1, at)).size < frames;
    });
  },

  /** Second chance: a queue whose front goes to the back while it was referenced. */
  clock(frames, pages) {
    const queue: { page: number; referenced: boolean }[] = [];
    return pages.map((page) => {
      const found = queue.find((entry) => entry.page === page);
      if (found !== undefined) {
        found.referenced = true;
        return true;
      }
      while (queue.length === frames) {
        const front = queue.shift()!;
        if (front.referenced) queue.push({ page: front.page, referenced: false });
      }
      queue.push({ page, referenced: true });
      return false;
    });
  },

  /** A map remembers in which order its entries came; a page touched again is put behind the others. */
  lfu(frames, pages) {
    const counts = new Map<number, number>();
    return pages.map((page) => {
      const count = counts.get(page);
      if (count === undefined && counts.size === frames) {
        const fewest = Math.min(...counts.values());
        for (const [each, touches] of counts) {
          if (touches !== fewest) continue;
          counts.delete(each);
          break;
        }
      }
      counts.delete(page);
      counts.set(page, (count ?? 0) + 1);
      return count !== undefined;
    });
  },

  random(frames, pages, seed) {
    const chance = seedPrng(seed);
    const resident: number[] = [];
    return pages.map((page) => {
      if (resident.includes(page)) return true;
      resident[resident.length < frames ? resident.length : nextBelow(chance, frames)] = page;
      return false;
    });
  },

  opt(frames, pages) {
    const resident: number[] = [];
    return pages.map((page, at) => {
      if (resident.includes(page)) return true;
      if (resident.length < frames) {
        resident.push(page);
        return false;
      }
      const next = resident.map((each) => {
        const use = pages.indexOf(each, at);
        return use < 0 ? Infinity : use;
      });
      resident[next.indexOf(Math.max(...next))] = page;
      return false;
    });
  },

  /** Heads of the lists are at the front of the arrays. */
  linux(frames, pages) {
    interface Page {
      readonly page: number;
      accessed: boolean;
      referenced: boolean;
    }
    let inactive: Page[] = [];
    let active: Page[] = [];
    const ratio = frames < 262_144 ? 1 : Math.floor(Math.sqrt(10 * Math.floor(frames / 262_144)));
    const evictOne = (): void => {
      for (;;) {
        if (inactive.length * ratio < active.length) {
          inactive = [{ ...active.at(-1)!, accessed: false }, ...inactive];
          active = active.slice(0, -1);
        }
        const tail = inactive.at(-1)!;
        inactive = inactive.slice(0, -1);
        if (!tail.accessed) return;
        tail.accessed = false;
        if (tail.referenced) active = [tail, ...active];
        else inactive = [{ ...tail, referenced: true }, ...inactive];
      }
    };
    return pages.map((page) => {
      const found = [...inactive, ...active].find((each) => each.page === page);
      if (found !== undefined) {
        found.accessed = true;
        return true;
      }
      if (inactive.length + active.length === frames) evictOne();
      inactive = [{ page, accessed: true, referenced: false }, ...inactive];
      return false;
    });
  },
};

/** The fewest faults there can be, by trying every choice. For a handful of pages only. */
export function fewestFaults(frames: number, pages: readonly number[]): number {
  let reached = new Map<string, { resident: readonly number[]; faults: number }>([['', { resident: [], faults: 0 }]]);
  for (const page of pages) {
    const next: typeof reached = new Map();
    const reach = (resident: readonly number[], faults: number): void => {
      const sorted = [...resident].sort((a, b) => a - b);
      const key = sorted.join();
      if ((next.get(key)?.faults ?? Infinity) > faults) next.set(key, { resident: sorted, faults });
    };
    for (const { resident, faults } of reached.values()) {
      if (resident.includes(page)) reach(resident, faults);
      else if (resident.length < frames) reach([...resident, page], faults + 1);
      else for (const victim of resident) reach([...resident.filter((r) => r !== victim), page], faults + 1);
    }
    reached = next;
  }
  return Math.min(...[...reached.values()].map(({ faults }) => faults));
}
