/** A stretch of mapped pages: [start, end) in bytes. */
interface Stretch {
  start: number;
  end: number;
}

/** Linux puts a mapping of whole huge pages at such an address. Source: Linux mm/huge_memory.c thp_get_unmapped_area. */
const HUGE_PAGE = 2 * 1024 * 1024;

/**
 * Which addresses of a process are mapped, and where the next mapping goes: as high as there is room, as Linux does.
 * Adjacent mappings become one, so that one in the middle cannot grow in place.
 */
export class AddressMap {
  /** Sorted, disjoint, no two of them touching. */
  private stretches: Stretch[] = [];

  /** @param ceiling mappings stay below it @param floor and above it */
  constructor(
    private readonly floor: number,
    private readonly ceiling: number,
  ) {}

  add(start: number, end: number): void {
    const index = this.firstEndingAt(start);
    let last = index;
    let [from, to] = [start, end];
    while (last < this.stretches.length && this.stretches[last]!.start <= end) {
      from = Math.min(from, this.stretches[last]!.start);
      to = Math.max(to, this.stretches[last]!.end);
      last++;
    }
    this.stretches.splice(index, last - index, { start: from, end: to });
  }

  remove(start: number, end: number): void {
    this.stretches = this.stretches.flatMap((s) => {
      if (s.end <= start || s.start >= end) return [s];
      const rest: Stretch[] = [];
      if (s.start < start) rest.push({ start: s.start, end: start });
      if (s.end > end) rest.push({ start: end, end: s.end });
      return rest;
    });
  }

  has(address: number): boolean {
    const found = this.stretches[this.firstEndingAt(address + 1)];
    return found !== undefined && found.start <= address;
  }

  isFree(start: number, end: number): boolean {
    const found = this.stretches[this.firstEndingAt(start + 1)];
    return end <= this.ceiling && (found === undefined || found.start >= end);
  }

  /** Whether a mapping ends there: it is the last of its stretch. */
  endsAt(address: number): boolean {
    return this.stretches[this.firstEndingAt(address)]?.end === address;
  }

  /** The highest place with that much room, or null. */
  findPlace(length: number): number | null {
    if (length % HUGE_PAGE !== 0) return this.highest(length);
    const padded = this.highest(length + HUGE_PAGE);
    if (padded === null) return this.highest(length);
    const offset = padded % HUGE_PAGE;
    return offset === 0 ? padded + HUGE_PAGE : padded + HUGE_PAGE - offset;
  }

  private highest(length: number): number | null {
    let end = this.ceiling;
    for (let i = this.stretches.length - 1; i >= 0; i--) {
      const stretch = this.stretches[i]!;
      if (stretch.start >= this.ceiling) continue;
      if (end - stretch.end >= length) break;
      end = stretch.start;
    }
    return end - length >= this.floor ? end - length : null;
  }

  /** Index of the first stretch whose end is not below the address. */
  private firstEndingAt(address: number): number {
    let low = 0;
    let high = this.stretches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.stretches[middle]!.end < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
