import { areaAt } from './areas.ts';
import { hasFrame, type Content, type ModelMachine, type Process, type Slot } from './types.ts';

/** The processes of the reference model, and what can be seen of them. */
export class ModelView {
  readonly processes = new Map<number, Process>();
  overcommit = 0;
  protected nextAnon = 1;

  constructor(protected readonly machine: ModelMachine) {
    this.processes.set(0, { areas: [], entries: new Map(), brk: machine.heapPage, minor: 0, major: 0 });
  }

  /** A letter a page, as `faultline exec` prints it. */
  letter(task: number, page: number): string {
    const process = this.processes.get(task)!;
    if (areaAt(process, page) === null) return '-';
    const entry = process.entries.get(page);
    if (entry === undefined) return '.';
    if (entry.kind === 'zero') return 'z';
    if (entry.kind === 'swapped') return 'S';
    const sharers = this.holders(entry.content);
    if (entry.kind === 'shared') return sharers > 1 ? 'F' : 'f';
    return sharers > 1 ? 's' : 'x';
  }

  contentAt(task: number, page: number): object | null {
    const entry = this.processes.get(task)!.entries.get(page);
    return entry === undefined || !hasFrame(entry) ? null : entry.content;
  }

  rss(task: number): number {
    return [...this.processes.get(task)!.entries.values()].filter(hasFrame).length;
  }

  commit(task: number): number {
    return this.processes.get(task)!.areas.reduce((sum, a) => sum + (a.charged ? a.end - a.start : 0), 0);
  }

  committed(): number {
    const objects = new Set([...this.processes.values()].flatMap((p) => p.areas.map((a) => a.object)));
    let pages = 0;
    for (const object of objects)
      if (object !== null) pages += object.noreserve ? object.pages.size + object.swapped.size : object.size;
    for (const task of this.processes.keys()) pages += this.commit(task);
    return pages;
  }

  /** Areas with equal neighbours joined: `start-end perms`. */
  areas(task: number): string[] {
    const runs: { start: number; end: number; text: string }[] = [];
    for (const a of this.processes.get(task)!.areas) {
      const text = `${a.perms}${a.shared ? 's' : 'p'}${a.noreserve ? ' nr' : ''}`;
      const last = runs.at(-1);
      if (last !== undefined && last.end === a.start && last.text === text) last.end = a.end;
      else runs.push({ start: a.start, end: a.end, text });
    }
    return runs.map(({ start, end, text }) => `${start}-${end} ${text}`);
  }

  protected holders(content: Content): number {
    let count = 0;
    for (const { entries } of this.processes.values()) {
      for (const entry of entries.values()) if (hasFrame(entry) && entry.content === content) count++;
    }
    return count;
  }

  /** How many entries, of all tasks, name the slot. */
  protected names(slot: Slot): number {
    let count = 0;
    for (const { entries } of this.processes.values()) {
      for (const entry of entries.values()) if (entry.kind === 'swapped' && entry.slot === slot) count++;
    }
    return count;
  }

  /** Will nobody else ever come to it: no other entry on it, none that names where it came from? */
  protected isAlone(content: Content): boolean {
    return this.holders(content) === 1 && (content.slot === undefined || this.names(content.slot) === 0);
  }
}
