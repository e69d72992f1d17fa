import { areaAt } from './areas.ts';
import { hasFrame, type Area, type Content, type Entry, type Fault, type Process, type SharedObject } from './types.ts';
import { ModelView } from './view.ts';

/** How the reference model finds the page of an access. */
export class ModelFaults extends ModelView {
  /** @returns the byte the page holds afterwards, or the code of the signal */
  protected access(process: Process, page: number, write: boolean, byte: number | null): number | string {
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
}
