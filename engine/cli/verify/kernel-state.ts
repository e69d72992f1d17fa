import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { NativeName, NativeNames } from './kernel-names.ts';

const PAGE = 4096;
/** Pages of one name that are listed. */
const SHOWN_PAGES = 256;
const FLAG_ORDER = ['lo', 'nr', 'dc', 'wf', 'gd', 'ht', 'nh', 'mg', 'lf'];
/** Bits of a pagemap entry. Source: Linux Documentation/admin-guide/mm/pagemap.rst. */
const PAGEMAP = { frame: 2n ** 55n - 1n, exclusive: 56n, guard: 58n, file: 61n, swapped: 62n, present: 63n };
/** Bit of /proc/kpageflags. Source: Linux include/uapi/linux/kernel-page-flags.h KPF_ZERO_PAGE. */
const KPF_ZERO_PAGE = 24n;

interface Area {
  readonly start: number;
  readonly end: number;
  readonly perms: string;
  readonly flags: readonly string[];
  /** kB */
  readonly rss: number;
  readonly pss: number;
  readonly swap: number;
}

/** Lists real processes as `faultline exec --json` lists the lab's. */
export class NativeState {
  private readonly counts = openSync('/proc/kpagecount', 'r');
  private readonly flags = openSync('/proc/kpageflags', 'r');
  private ids = new Map<bigint, number>();
  private nextId = 1;

  processes(pids: ReadonlyMap<number, number>, names: NativeNames): Record<string, unknown> {
    const now = new Map<bigint, number>();
    const idOf = (frame: bigint): number => {
      const id = now.get(frame) ?? this.ids.get(frame) ?? this.nextId++;
      now.set(frame, id);
      return id;
    };
    const listed: Record<string, unknown> = {};
    for (const number of [...pids.keys()].sort((a, b) => a - b)) {
      listed[`p${number}`] = this.process(pids.get(number)!, names.listed, idOf);
    }
    this.ids = now;
    return listed;
  }

  close(): void {
    closeSync(this.counts);
    closeSync(this.flags);
  }

  private process(pid: number, names: readonly NativeName[], idOf: (frame: bigint) => number): unknown {
    const areas = readAreas(pid);
    const owned = names.flatMap((name) => areas.filter((area) => owns(name, area)).map((area) => ({ name, area })));
    const pages: Record<string, { st: string; fr: number[] }> = {};
    let proportional = 0;
    const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
    for (const name of names) {
      if (name.extent === 0 || !owned.some((each) => each.name === name)) continue;
      const shown = { st: '', fr: [] as number[] };
      const entries = readWords(pagemap, name.base / PAGE, Math.min(name.extent, SHOWN_PAGES));
      entries.forEach((entry, i) => {
        const address = name.base + i * PAGE;
        const mapped = areas.some(({ start, end }) => address >= start && address < end);
        const page = mapped ? this.page(entry) : { letter: '-', frame: 0n, count: 0 };
        shown.st += page.letter;
        shown.fr.push(page.frame === 0n ? 0 : idOf(page.frame));
        if (page.count > 0) proportional += 1 / page.count;
      });
      pages[name.name] = shown;
    }
    closeSync(pagemap);
    const sum = (of: (area: Area, pages: number) => number): number =>
      owned.reduce((s, { name, area }) => s + of(area, (area.end - Math.max(area.start, name.base)) / PAGE), 0);
    const pss = proportional === 0 ? sum(({ pss: kb }) => kb) / 4 : proportional;
    return {
      vm: joined(owned),
      pages,
      rss: sum(({ rss }) => rss) / 4,
      swap: sum(({ swap }) => swap) / 4,
      lck: sum(({ flags }, count) => (flags.includes('lo') ? count : 0)),
      commit: sum(({ flags }, count) => (flags.includes('ac') ? count : 0)),
      pss: Math.round(pss * 1000) / 1000,
    };
  }

  /** A page's letter, its frame or 0, and how many entries are on that. */
  private page(entry: bigint): { letter: string; frame: bigint; count: number } {
    const bit = (at: bigint): boolean => ((entry >> at) & 1n) === 1n;
    if (!bit(PAGEMAP.present)) {
      const letter = !bit(PAGEMAP.swapped) ? '.' : bit(PAGEMAP.guard) ? 'g' : 'S';
      return { letter, frame: 0n, count: 0 };
    }
    const frame = entry & PAGEMAP.frame;
    const [flags] = readWords(this.flags, Number(frame), 1);
    if (((flags! >> KPF_ZERO_PAGE) & 1n) === 1n) return { letter: 'z', frame: 0n, count: 0 };
    const [count] = readWords(this.counts, Number(frame), 1);
    const alone = bit(PAGEMAP.exclusive);
    const letter = bit(PAGEMAP.file) ? (alone ? 'f' : 'F') : alone ? 'x' : 's';
    return { letter, frame, count: Number(count) };
  }
}

/** 64-bit words of a file of them, from an index on; fewer at its end. */
function readWords(file: number, index: number, count: number): bigint[] {
  const buffer = Buffer.alloc(count * 8);
  const got = readSync(file, buffer, 0, buffer.length, BigInt(index) * 8n);
  return Array.from({ length: count }, (_, i) => (i * 8 < got ? buffer.readBigUInt64LE(i * 8) : 0n));
}

function readAreas(pid: number): Area[] {
  const areas: (Area & { rss: number; pss: number; swap: number; flags: readonly string[] })[] = [];
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) /.exec(line);
    if (head !== null) {
      const [start, end] = [parseInt(head[1]!, 16), parseInt(head[2]!, 16)];
      areas.push({ start, end, perms: head[3]!, flags: [], rss: 0, pss: 0, swap: 0 });
      continue;
    }
    const [, field, value] = /^(Rss|Pss|Swap|VmFlags): *(.*)$/.exec(line) ?? [];
    const area = areas.at(-1);
    if (field === undefined || area === undefined) continue;
    if (field === 'VmFlags') Object.assign(area, { flags: value!.trim().split(' ') });
    else Object.assign(area, { [field.toLowerCase()]: parseInt(value!, 10) });
  }
  return areas;
}

const owns = ({ base, reach, extent }: NativeName, { start, end }: Area): boolean =>
  end > base && start < base + (reach ?? extent * PAGE);

/** `NAME[from,to) perms flags`; neighbours of one name with the same permissions and flags count as one. */
function joined(owned: readonly { readonly name: NativeName; readonly area: Area }[]): string[] {
  const runs: { name: string; from: number; to: number; what: string }[] = [];
  for (const { name, area } of owned) {
    const flags = FLAG_ORDER.filter((flag) => area.flags.includes(flag)).join(',');
    const what = `${area.perms}${flags === '' ? '' : ` ${flags}`}`;
    const from = (Math.max(area.start, name.base) - name.base) / PAGE;
    const to = (area.end - name.base) / PAGE;
    const last = runs.at(-1);
    if (last !== undefined && last.name === name.name && last.to === from && last.what === what) last.to = to;
    else runs.push({ name: name.name, from, to, what });
  }
  return runs.map(({ name, from, to, what }) => `${name}[${from},${to}) ${what}`);
}
