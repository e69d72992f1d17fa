/**
 * A set of numbers 0 … size − 1 that knows its smallest and its largest member. One bit a number; a bit of each level
 * above says whether the word of 32 below it has any. All operations touch one word a level: five levels for 32 million.
 */
export class BitTree {
  /** The bits themselves first, the single word at the top last. */
  private readonly levels: Uint32Array[] = [];

  constructor(size: number) {
    let words = Math.max(1, size);
    do {
      words = Math.ceil(words / 32);
      this.levels.push(new Uint32Array(words));
    } while (words > 1);
  }

  add(member: number): void {
    let at = member;
    for (const words of this.levels) {
      const before = words[at >>> 5]!;
      words[at >>> 5] = before | (1 << (at & 31));
      if (before !== 0) return;
      at >>>= 5;
    }
  }

  remove(member: number): void {
    let at = member;
    for (const words of this.levels) {
      const left = words[at >>> 5]! & ~(1 << (at & 31));
      words[at >>> 5] = left;
      if (left !== 0) return;
      at >>>= 5;
    }
  }

  /** @returns −1 when the set is empty */
  smallest(): number {
    if (this.isEmpty()) return -1;
    let at = 0;
    for (let level = this.levels.length - 1; level >= 0; level--) {
      const word = this.levels[level]![at]!;
      // word & −word leaves the lowest bit that is set
      at = at * 32 + 31 - Math.clz32(word & -word);
    }
    return at;
  }

  /** @returns −1 when the set is empty */
  largest(): number {
    if (this.isEmpty()) return -1;
    let at = 0;
    for (let level = this.levels.length - 1; level >= 0; level--) {
      at = at * 32 + 31 - Math.clz32(this.levels[level]![at]!);
    }
    return at;
  }

  private isEmpty(): boolean {
    return this.levels.at(-1)![0] === 0;
  }
}
