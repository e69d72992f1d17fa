import { areaAt, cutOut, fullPerms, mergeAround } from './model/areas.ts';
import { ModelFaults } from './model/faults.ts';
import { hasFrame, type Area, type Content, type ModelResult, type Process } from './model/types.ts';

export type { ModelResult } from './model/types.ts';

const refused = (errno: string): ModelResult => ({ ret: -1, errno });
const OK: ModelResult = { ret: 0 };

/**
 * What memory management must look like from outside, written a second time without any of its tricks: objects, arrays
 * and Maps, every page by itself, nothing kept that can be counted. It shares no code with mm and knows no frames: a
 * page's content is an object that several tasks may hold. RAM and swap are taken to be large enough; the swap device
 * answers at once.
 *
 * What it is made of, what can be seen, and how a page is found: `model`. Here are the calls, in pages and not in bytes.
 * Covers mmap, munmap, mprotect, madvise(dontneed, pageout), brk, touch_r, touch_w, read, fork, exit and kill.
 */
export class ReferenceModel extends ModelFaults {
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
