/**
 * What memory management must look like from outside, written a second time without any of its tricks: objects, arrays
 * and Maps, every page by itself, nothing kept that can be counted. It shares no code with mm and knows no frames: a
 * page's content is an object that several tasks may hold. RAM and swap are taken to be large enough; the swap device
 * answers at once.
 *
 * Covers mmap, munmap, mprotect, madvise(dontneed, pageout), brk, touch_r, touch_w, read, fork, exit and kill.
 */

/** A page's content; who holds the same object shares the frame. */
interface Content {
  byte: number;
  /** Somebody stored to it; shared memory that nobody wrote to needs no swap. */
  written?: boolean;
  /** It came from there and is still in the swap cache. */
  slot?: Slot;
}

/** What was paged out, for whoever still names it. */
interface Slot {
  byte: number;
  /** In the swap cache: somebody brought it back. */
  cached: Content | null;
}

interface Area {
  start: number;
  end: number;
  perms: string;
  shared: boolean;
  noreserve: boolean;
  charged: boolean;
  /** Object and the page of it that start is, for shared memory. */
  object: SharedObject | null;
  offset: number;
  /** Same number: may merge. 0: never written. */
  anon: number;
  /** Came over fork together with its anon number. */
  inherited: boolean;
}

interface SharedObject {
  readonly pages: Map<number, Content>;
  /** Bytes of pages that are swapped out. */
  readonly swapped: Map<number, number>;
  readonly size: number;
  readonly noreserve: boolean;
}

type Entry =
  | { kind: 'zero' }
  /** `exclusive`: never shared since it was made or reused. */
  | { kind: 'own'; content: Content; writable: boolean; exclusive: boolean }
  | { kind: 'shared'; content: Content }
  | { kind: 'swapped'; slot: Slot; exclusive: boolean };

/** What an access needs: nothing, a fault without or with a read of the device; or the code of a signal. */
type Fault = 'minor' | 'major' | { readonly signal: string };

const hasFrame = (entry: Entry): entry is Extract<Entry, { content: Content }> => 'content' in entry;

interface Process {
  areas: Area[];
  entries: Map<number, Entry>;
  brk: number;
  minor: number;
  major: number;
}

export interface ModelResult {
  ret?: number | string;
  errno?: string;
  sig?: string;
  code?: string;
  done?: number;
  bytes?: number[];
}

/** Numbers the model is told, because they are choices of the machine and not of memory management. */
export interface ModelMachine {
  readonly ramPages: number;
  readonly swapPages: number;
  readonly heapPage: number;
}

const refused = (errno: string): ModelResult => ({ ret: -1, errno });
const OK: ModelResult = { ret: 0 };

export class ReferenceModel {
  readonly processes = new Map<number, Process>();
  overcommit = 0;
  private nextAnon = 1;

  constructor(private readonly machine: ModelMachine) {
    this.processes.set(0, { areas: [], entries: new Map(), brk: machine.heapPage, minor: 0, major: 0 });
  }

  // ---- what can be seen ----

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

  private holders(content: Content): number {
    let count = 0;
    for (const { entries } of this.processes.values()) {
      for (const entry of entries.values()) if (hasFrame(entry) && entry.content === content) count++;
    }
    return count;
  }

  /** How many entries, of all tasks, name the slot. */
  private names(slot: Slot): number {
    let count = 0;
    for (const { entries } of this.processes.values()) {
      for (const entry of entries.values()) if (entry.kind === 'swapped' && entry.slot === slot) count++;
    }
    return count;
  }

  /** Will nobody else ever come to it: no other entry on it, none that names where it came from? */
  private isAlone(content: Content): boolean {
    return this.holders(content) === 1 && (content.slot === undefined || this.names(content.slot) === 0);
  }

  // ---- operations; pages, not bytes ----

  mmap(
    task: number,
    start: number,
    pages: number,
    perms: string,
    how: { shared: boolean; fixed: boolean; noreserve: boolean; populate: boolean },
  ): ModelResult {
    const process = this.processes.get(task)!;
    const end = start + pages;
    if (pages === 0) return refused('EINVAL');
    const inTheWay = process.areas.filter((a) => a.start < end && a.end > start);
    if (inTheWay.length > 0 && !how.fixed) return refused('EEXIST');
    const noreserve = how.noreserve && this.overcommit !== 2;
    const charged = !how.shared && perms.includes('w') && !noreserve;
    if (charged) {
      const overlap = (a: Area): number => Math.min(end, a.end) - Math.max(start, a.start);
      const given = inTheWay.reduce((sum, a) => sum + (a.charged ? overlap(a) : 0), 0);
      if (pages > given && this.tooMuch(pages - given)) return refused('ENOMEM');
    }
    this.unmap(process, start, end);
    if (how.shared && !noreserve && this.tooMuch(pages)) return refused('ENOMEM');
    const object = how.shared
      ? { pages: new Map<number, Content>(), swapped: new Map<number, number>(), size: pages, noreserve }
      : null;
    const area = { start, end, perms: fullPerms(perms), shared: how.shared, noreserve, charged, object };
    process.areas.push({ ...area, offset: how.shared ? 0 : start, anon: 0, inherited: false });
    mergeAround(process, start);
    if (how.populate && perms !== '') {
      for (let page = start; page < end; page++)
        this.access(process, page, charged || (perms.includes('w') && !how.shared), null);
    }
    return OK;
  }

  munmap(task: number, start: number, pages: number): ModelResult {
    if (pages === 0) return refused('EINVAL');
    this.unmap(this.processes.get(task)!, start, start + pages);
    return OK;
  }

  mprotect(task: number, start: number, pages: number, perms: string): ModelResult {
    const process = this.processes.get(task)!;
    const end = start + pages;
    for (let at = start; at < end;) {
      const area = areaAt(process, at);
      if (area === null) return refused('ENOMEM');
      const to = Math.min(end, area.end);
      if (area.perms !== fullPerms(perms) && !this.protectPart(process, area, at, to, perms)) return refused('ENOMEM');
      at = to;
    }
    return OK;
  }

  private protectPart(process: Process, area: Area, start: number, end: number, perms: string): boolean {
    const writable = perms.includes('w');
    let { charged } = area;
    if (writable && !area.charged && !area.perms.includes('w') && !area.shared && !area.noreserve) {
      if (this.tooMuch(end - start)) return false;
      charged = true;
    } else if (!writable && area.charged && area.anon === 0) {
      charged = false;
    }
    const part = cutOut(process, area, start, end);
    part.perms = fullPerms(perms);
    part.charged = charged;
    for (let page = start; page < end; page++) {
      const entry = process.entries.get(page);
      if (entry?.kind !== 'own') continue;
      entry.writable = writable && (entry.writable || entry.exclusive);
    }
    mergeAround(process, start);
    return true;
  }

  dontneed(task: number, start: number, pages: number): ModelResult {
    const process = this.processes.get(task)!;
    let hole = false;
    for (let page = start; page < start + pages; page++) {
      if (areaAt(process, page) === null) hole = true;
      else process.entries.delete(page);
    }
    return hole ? refused('ENOMEM') : OK;
  }

  /** Pages that nobody else maps leave for swap; shared memory leaves its entries empty. */
  pageout(task: number, start: number, pages: number): ModelResult {
    const process = this.processes.get(task)!;
    let hole = false;
    for (let page = start; page < start + pages; page++) {
      const area = areaAt(process, page);
      const entry = process.entries.get(page);
      if (area === null) hole = true;
      if (area === null || entry === undefined || !hasFrame(entry) || this.holders(entry.content) !== 1) continue;
      const { byte, slot = { byte, cached: null } } = entry.content;
      if (entry.kind === 'own') {
        Object.assign(slot, { byte, cached: null });
        process.entries.set(page, { kind: 'swapped', slot, exclusive: entry.exclusive });
      } else {
        const index = area.offset + (page - area.start);
        area.object!.pages.delete(index);
        if (entry.content.written === true) area.object!.swapped.set(index, byte);
        process.entries.delete(page);
      }
    }
    return hole ? refused('ENOMEM') : OK;
  }

  /** @param wanted page of the new break */
  brk(task: number, wanted: number): ModelResult {
    const process = this.processes.get(task)!;
    const { brk } = process;
    const distance = (page: number): string => `brk=${page - this.machine.heapPage}`;
    const unchanged = { ret: `unchanged ${distance(brk)}` };
    if (wanted < this.machine.heapPage) return unchanged;
    if (wanted < brk) {
      if (!process.areas.some((a) => a.start < brk && a.end > wanted)) return unchanged;
      this.unmap(process, wanted, brk);
    } else if (wanted > brk) {
      if (process.areas.some((a) => a.start < wanted + 1 && a.end > brk)) return unchanged;
      if (this.tooMuch(wanted - brk)) return unchanged;
      const area = { start: brk, end: wanted, perms: 'rw-', shared: false, noreserve: false, charged: true };
      process.areas.push({ ...area, object: null, offset: brk, anon: 0, inherited: false });
      mergeAround(process, brk);
    }
    process.brk = wanted;
    return { ret: `ok ${distance(wanted)}` };
  }

  /** @param byte to store, null to load */
  touch(task: number, start: number, pages: number, byte: number | null): ModelResult {
    const process = this.processes.get(task)!;
    const bytes: number[] = [];
    for (let i = 0; i < pages; i++) {
      const found = this.access(process, start + i, byte !== null, byte);
      if (typeof found === 'string')
        return { sig: found === 'ADRERR' ? 'SIGBUS' : 'SIGSEGV', code: found, done: i, bytes };
      bytes.push(found);
    }
    return { bytes };
  }

  fork(parent: number, child: number): ModelResult {
    const from = this.processes.get(parent)!;
    const charge = this.commit(parent);
    // Asked area by area: mode 0 refuses only an area that alone is too much.
    if (
      this.overcommit === 2 ? this.tooMuch(charge) : from.areas.some((a) => a.charged && this.tooMuch(a.end - a.start))
    ) {
      return refused('ENOMEM');
    }
    const to: Process = { areas: [], entries: new Map(), brk: from.brk, minor: 0, major: 0 };
    for (const area of from.areas) {
      const written = area.anon !== 0;
      to.areas.push({ ...area, anon: written ? this.nextAnon++ : 0, inherited: written });
      if (!written) continue;
      for (let page = area.start; page < area.end; page++) {
        const entry = from.entries.get(page);
        if (entry?.kind === 'own') Object.assign(entry, { writable: false, exclusive: false });
        if (entry?.kind === 'swapped') entry.exclusive = false;
        if (entry !== undefined) to.entries.set(page, { ...entry });
      }
    }
    this.processes.set(child, to);
    return { ret: `p${child}` };
  }

  end(task: number): void {
    this.processes.delete(task);
  }

  // ---- how a page is found ----

  /** @returns the byte the page holds afterwards, or the code of the signal */
  private access(process: Process, page: number, write: boolean, byte: number | null): number | string {
    const area = areaAt(process, page);
    if (area === null) return 'MAPERR';
    if (write ? !area.perms.includes('w') : area.perms === '---') return 'ACCERR';
    const entry = process.entries.get(page);
    const ready =
      entry !== undefined &&
      entry.kind !== 'swapped' &&
      (!write || entry.kind === 'shared' || (entry.kind === 'own' && entry.writable));
    if (!ready) {
      const fault =
        area.object === null
          ? this.privateFault(process, area, page, write)
          : this.sharedFault(process, area, area.object, page, write);
      if (typeof fault !== 'string') return fault.signal;
      process[fault]++;
    }
    const now = process.entries.get(page)!;
    if (!hasFrame(now)) return 0;
    if (byte !== null) Object.assign(now.content, { byte, written: true });
    return now.content.byte;
  }

  private privateFault(process: Process, area: Area, page: number, write: boolean): Fault {
    const before = process.entries.get(page);
    if (before?.kind === 'swapped') return this.swapIn(process, area, page, write, before);
    if (write) this.makeOwn(process, area, page);
    else process.entries.set(page, { kind: 'zero' });
    return 'minor';
  }

  /** Back from swap: past the cache where nobody else names the slot, else into it; a write that needs a copy makes it. */
  private swapIn(
    process: Process,
    area: Area,
    page: number,
    write: boolean,
    { slot, exclusive }: Extract<Entry, { kind: 'swapped' }>,
  ): Fault {
    const major = slot.cached === null;
    const direct = major && this.names(slot) === 1;
    const content: Content = slot.cached ?? (direct ? { byte: slot.byte } : { byte: slot.byte, slot });
    if (!direct) slot.cached = content;
    const own = { kind: 'own' as const, content, writable: false, exclusive: false };
    process.entries.set(page, own);
    if (direct || exclusive || (write && this.isAlone(content))) {
      Object.assign(own, { writable: area.perms.includes('w'), exclusive: true });
    }
    if (write && !own.writable) this.makeOwn(process, area, page);
    return major ? 'major' : 'minor';
  }

  /** A page to write to: the one that is there where it is nobody else's, else a copy, else a page of zeros. */
  private makeOwn(process: Process, area: Area, page: number): void {
    const entry = process.entries.get(page);
    if (entry?.kind === 'own' && (entry.exclusive || this.isAlone(entry.content))) {
      if (!entry.exclusive) delete entry.content.slot;
      Object.assign(entry, { writable: true, exclusive: true });
      return;
    }
    if (area.anon === 0) area.anon = this.anonFor(process, area);
    const content = { byte: entry?.kind === 'own' ? entry.content.byte : 0 };
    process.entries.set(page, { kind: 'own', content, writable: true, exclusive: true });
  }

  /** A neighbour's number where only permissions keep the two apart. */
  private anonFor(process: Process, area: Area): number {
    const alike = (n: Area | undefined): n is Area =>
      n !== undefined && !n.inherited && n.anon !== 0 && n.object === null && area.object === null &&
      n.charged === area.charged && n.noreserve === area.noreserve; // prettier-ignore
    const above = process.areas.find((a) => a.start === area.end && a.offset === area.offset + (area.end - area.start));
    if (alike(above)) return above.anon;
    const below = process.areas.find((a) => a.end === area.start && area.offset === a.offset + (a.end - a.start));
    return alike(below) ? below.anon : this.nextAnon++;
  }

  private sharedFault(process: Process, area: Area, object: SharedObject, page: number, write: boolean): Fault {
    const indexOf = (at: number): number => area.offset + (at - area.start);
    const known = object.pages.get(indexOf(page));
    if (indexOf(page) >= object.size) return { signal: 'ADRERR' };
    if (!write) {
      // What exists of the 16 pages around comes along, counted in the page table's own sixteens.
      const window = Math.max(page - (page % 16), area.start);
      const behind = Math.min(window + 16, area.end, page - (page % 512) + 512);
      for (let at = window; at < behind; at++) {
        const content = object.pages.get(indexOf(at));
        if (content !== undefined && !process.entries.has(at)) process.entries.set(at, { kind: 'shared', content });
      }
    }
    const major = object.swapped.has(indexOf(page));
    const content = known ?? { byte: object.swapped.get(indexOf(page)) ?? 0, written: major };
    object.swapped.delete(indexOf(page));
    object.pages.set(indexOf(page), content);
    process.entries.set(page, { kind: 'shared', content });
    return major ? 'major' : 'minor';
  }

  private unmap(process: Process, start: number, end: number): void {
    for (const area of process.areas.filter((a) => a.start < end && a.end > start)) {
      const part = cutOut(process, area, Math.max(start, area.start), Math.min(end, area.end));
      process.areas.splice(process.areas.indexOf(part), 1);
      for (let page = part.start; page < part.end; page++) process.entries.delete(page);
    }
  }

  private tooMuch(pages: number): boolean {
    if (this.overcommit === 1) return false;
    if (this.overcommit === 0) return pages > this.machine.ramPages + this.machine.swapPages;
    throw new Error('the model does not count strictly: its processes have no size');
  }
}

const fullPerms = (perms: string): string =>
  [...'rwx'].map((letter) => (perms.includes(letter) ? letter : '-')).join('');
const areaAt = (process: Process, page: number): Area | null =>
  process.areas.find((a) => a.start <= page && page < a.end) ?? null;

/** Makes [start, end) an area of its own. */
function cutOut(process: Process, area: Area, start: number, end: number): Area {
  const pieces = [
    [area.start, start],
    [start, end],
    [end, area.end],
  ].map(([from, to]) => ({ ...area, start: from!, end: to!, offset: area.offset + (from! - area.start) }));
  const at = process.areas.indexOf(area);
  process.areas.splice(at, 1, ...pieces.filter((piece) => piece.start < piece.end));
  return pieces[1]!;
}

/** Joins the area at `page` with the one below, then with the one above. */
function mergeAround(process: Process, page: number): void {
  process.areas.sort((a, b) => a.start - b.start);
  const index = process.areas.findIndex((a) => a.start === page);
  const merged = index > 0 && join(process, index - 1) ? index - 1 : index;
  join(process, merged);
}

function join(process: Process, index: number): boolean {
  const [lower, upper] = [process.areas[index], process.areas[index + 1]];
  if (lower === undefined || upper === undefined || lower.end !== upper.start) return false;
  const same = (['perms', 'shared', 'noreserve', 'charged', 'object'] as const).every(
    (key) => lower[key] === upper[key],
  );
  const linear = lower.offset + (lower.end - lower.start) === upper.offset;
  const numbers =
    lower.anon === upper.anon || (lower.anon === 0 && !upper.inherited) || (upper.anon === 0 && !lower.inherited);
  if (!same || !linear || !numbers) return false;
  lower.end = upper.end;
  if (lower.anon === 0) [lower.anon, lower.inherited] = [upper.anon, upper.inherited];
  process.areas.splice(index + 1, 1);
  return true;
}
