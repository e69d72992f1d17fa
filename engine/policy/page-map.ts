/** Pages below this are looked up by index: at most 16 MiB, and half the time of a hashed look-up. */
const DENSE_PAGES = 2 ** 22;
const FIRST_DENSE = 1_024;
const FIRST_HASHED = 1_024;

/**
 * Numbers 0 … 2^31 − 2 by page number. Small page numbers index an array; the others stand in a hash table with linear
 * probing, at most half full. Removing closes the gap, so that no marks of removed pages pile up.
 */
export class PageMap {
  /** Value + 1 by page; 0 is none. */
  private dense = new Int32Array(FIRST_DENSE);
  private keys = new Float64Array(FIRST_HASHED);
  /** Value + 1 beside each key; 0 marks a free place. */
  private values = new Int32Array(FIRST_HASHED);
  private hashed = 0;

  /** @returns −1 when there is none */
  get(page: number): number {
    const { dense } = this;
    if (page < dense.length) return dense[page]! - 1;
    if (page < DENSE_PAGES) return -1;
    return this.values[this.placeOf(page)]! - 1;
  }

  set(page: number, value: number): void {
    if (page < DENSE_PAGES) {
      if (page >= this.dense.length) this.growDense(page + 1);
      this.dense[page] = value + 1;
      return;
    }
    let place = this.placeOf(page);
    if (this.values[place] === 0) {
      if (++this.hashed * 2 > this.keys.length) {
        this.growHashed();
        place = this.placeOf(page);
      }
      this.keys[place] = page;
    }
    this.values[place] = value + 1;
  }

  delete(page: number): void {
    if (page < this.dense.length) this.dense[page] = 0;
    else if (page >= DENSE_PAGES) this.deleteHashed(this.placeOf(page));
  }

  /** Where a page of the hash table stands, or the free place where it would. */
  private placeOf(page: number): number {
    const { keys, values } = this;
    const mask = keys.length - 1;
    let place = hash(page) & mask;
    while (values[place] !== 0 && keys[place] !== page) place = (place + 1) & mask;
    return place;
  }

  /** Moves back what stands behind the gap only because its own place was taken. */
  private deleteHashed(place: number): void {
    const { keys, values } = this;
    if (values[place] === 0) return;
    const mask = keys.length - 1;
    let gap = place;
    for (let at = (gap + 1) & mask; values[at] !== 0; at = (at + 1) & mask) {
      const home = hash(keys[at]!) & mask;
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      keys[gap] = keys[at]!;
      values[gap] = values[at]!;
      gap = at;
    }
    values[gap] = 0;
    this.hashed--;
  }

  private growDense(length: number): void {
    let wider = this.dense.length;
    while (wider < length) wider *= 2;
    const before = this.dense;
    this.dense = new Int32Array(wider);
    this.dense.set(before);
  }

  private growHashed(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.values = new Int32Array(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      if (values[i] === 0) continue;
      const place = this.placeOf(keys[i]!);
      this.keys[place] = keys[i]!;
      this.values[place] = values[i]!;
    }
  }
}

/** Spreads pages that differ in few bits, wherever these are. Source: the finishing mix of MurmurHash3 (Appleby). */
function hash(page: number): number {
  let h = (page | 0) ^ Math.imul((page / 2 ** 32) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
