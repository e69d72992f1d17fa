import { PAGE_SIZE } from '../base/units.ts';
import { peekFrame, peekMachine, peekPage, peekTask, peekVmas, regionPage, type KernelState } from '../kernel/index.ts';
import type { PageView, TaskView, VmaView } from '../protocol/views.ts';
import type { ScriptName, ScriptNames } from './names.ts';

/** State of one process as recorded results hold it. Pages, except `…_kb`. */
export interface RecordedProcess {
  /** `NAME[from,to) perms flags`, one for each VMA. */
  readonly vmas: readonly string[];
  /** The same with equal neighbours joined. */
  readonly vm: readonly string[];
  readonly pages: Readonly<Record<string, { readonly st: string; readonly fr: readonly number[] }>>;
  readonly rss: number;
  readonly anon: number;
  readonly swap: number;
  readonly lck: number;
  readonly commit: number;
  readonly pss: number;
  readonly pss_kb: number;
  readonly swappss_kb: number;
}

/** Pages of one name that are listed. */
const SHOWN_PAGES = 256;
/** Order of a VMA's flags in the listing. */
const FLAG_ORDER = ['lo', 'nr', 'dc', 'wf', 'gd', 'ht', 'nh', 'mg', 'lf'];
/** VMAs larger than this take their proportional size from the task's totals. Pages. */
const MAX_COUNTED_PAGES = 65_536;

interface OwnedVma {
  readonly name: ScriptName;
  readonly base: number;
  readonly vma: VmaView;
}

/** Lists processes the way the recorded results do; frame numbers are given out in the order in which they are seen. */
export class RecordedState {
  /** Listing number by frame. A frame that is no longer seen is forgotten, and its number with it. */
  private seen = new Map<number, number>();
  private nextId = 1;

  constructor(private readonly names: ScriptNames) {}

  processes(k: KernelState): Record<string, RecordedProcess> {
    const before = this.seen;
    const now = new Map<number, number>();
    const idOf = (frame: number): number => {
      const id = now.get(frame) ?? before.get(frame) ?? this.nextId++;
      now.set(frame, id);
      return id;
    };
    const listed: Record<string, RecordedProcess> = {};
    for (const pid of peekMachine(k).tasks) {
      const view = peekTask(k, pid);
      if (view !== null) listed[`p${pid}`] = this.process(k, view, idOf);
    }
    this.seen = now;
    return listed;
  }

  private process(k: KernelState, view: TaskView, idOf: (frame: number) => number): RecordedProcess {
    const all = peekVmas(k, view.pid);
    const owned = this.owned(k, view.pid, all);
    const pages: Record<string, { st: string; fr: number[] }> = {};
    let proportional = 0;
    for (const name of this.names.listed) {
      if (name.extent === 0 || !owned.some((o) => o.name === name)) continue;
      const base = regionPage(k, name.name, view.pid)!;
      const shown = { st: '', fr: [] as number[] };
      for (let i = 0; i < Math.min(name.extent, SHOWN_PAGES); i++) {
        const page = peekPage(k, view.pid, base + i);
        shown.st += pageLetter(k, page);
        shown.fr.push(page.frame < 0 ? 0 : idOf(page.frame));
        if (page.frame >= 0) proportional += 1 / page.sharers;
      }
      pages[name.name] = shown;
    }
    // what lies outside of all names is counted by nobody
    const strays = all.filter((vma) => !owned.some((o) => o.vma === vma)).map((vma) => figures(k, view, vma));
    const sum = (of: (f: Figures) => number): number => strays.reduce((s, f) => s + of(f), 0);
    const pssKb = owned.reduce((s, { vma }) => s + figures(k, view, vma).pssKb, 0);
    return {
      vmas: owned.map(vmaText),
      vm: joined(owned),
      pages,
      rss: view.rss - sum((f) => f.rss),
      anon: view.anon - sum((f) => f.anon),
      swap: view.swap,
      lck: owned.reduce((s, { vma }) => s + (vma.flags.includes('lo') ? vma.end - vma.start : 0), 0),
      commit: view.commit - sum((f) => f.commit),
      pss: Math.round((proportional === 0 ? pssKb / 4 : proportional) * 1000) / 1000,
      pss_kb: pssKb,
      swappss_kb: 0,
    };
  }

  /** The VMAs of each name, in the order of the names. */
  private owned(k: KernelState, pid: number, vmas: readonly VmaView[]): OwnedVma[] {
    return this.names.listed.flatMap((name) => {
      const base = regionPage(k, name.name, pid);
      if (base === null) return [];
      const end = name.name === 'heap' ? base + name.extent : this.nextBase(k, pid, base);
      return vmas.filter((vma) => vma.end > base && vma.start < end).map((vma) => ({ name, base, vma }));
    });
  }

  private nextBase(k: KernelState, pid: number, base: number): number {
    const above = this.names.listed.map((n) => regionPage(k, n.name, pid) ?? 0).filter((page) => page > base);
    return Math.min(...above, Infinity);
  }
}

function pageLetter(k: KernelState, page: PageView): string {
  if (page.state === 'unmapped') return '-';
  if (page.state === 'zero') return 'z';
  if (page.state === 'guard') return 'g';
  if (page.state === 'swapped') return 'S';
  if (page.frame < 0) return '.';
  const anonymous = peekFrame(k, page.frame).use === 'anon';
  if (page.sharers === 1) return anonymous ? 'x' : 'f';
  return anonymous ? 's' : 'F';
}

const flagsText = ({ flags }: VmaView): string => {
  const shown = FLAG_ORDER.filter((flag) => flags.includes(flag));
  return shown.length === 0 ? '' : ` ${shown.join(',')}`;
};

const startOf = ({ vma, base }: OwnedVma): number => Math.max(vma.start, base) - base;

function vmaText(owned: OwnedVma): string {
  const { name, base, vma } = owned;
  return `${name.name}[${startOf(owned)},${vma.end - base}) ${vma.perms}${flagsText(vma)}`;
}

/** Neighbours of one name with the same permissions and flags count as one. */
function joined(owned: readonly OwnedVma[]): string[] {
  const runs: { name: string; from: number; to: number; what: string }[] = [];
  for (const each of owned) {
    const what = `${each.vma.perms}${flagsText(each.vma)}`;
    const from = startOf(each);
    const to = each.vma.end - each.base;
    const last = runs.at(-1);
    if (last !== undefined && last.name === each.name.name && last.to === from && last.what === what) last.to = to;
    else runs.push({ name: each.name.name, from, to, what });
  }
  return runs.map(({ name, from, to, what }) => `${name}[${from},${to}) ${what}`);
}

interface Figures {
  readonly rss: number;
  readonly anon: number;
  readonly commit: number;
  readonly pssKb: number;
}

/** Units of smaps' proportional sizes: a page's share is kept with 12 bits behind the point. */
const PSS_UNIT = 4096;

function figures(k: KernelState, view: TaskView, vma: VmaView): Figures {
  const pages = vma.end - vma.start;
  const commit = vma.perms.startsWith('w', 1) && vma.perms.endsWith('p') && !vma.flags.includes('nr') ? pages : 0;
  if (view.rss === 0) return { rss: 0, anon: 0, commit, pssKb: 0 };
  if (pages > MAX_COUNTED_PAGES) {
    return { rss: view.rss, anon: view.anon, commit, pssKb: Math.floor(view.pss * (PAGE_SIZE / 1024)) };
  }
  let rss = 0;
  let anon = 0;
  let share = 0;
  for (let page = vma.start; page < vma.end; page++) {
    const { frame, sharers } = peekPage(k, view.pid, page);
    if (frame < 0) continue;
    rss++;
    if (peekFrame(k, frame).use === 'anon') anon++;
    share += Math.floor((PAGE_SIZE * PSS_UNIT) / sharers);
  }
  return { rss, anon, commit, pssKb: Math.floor(share / PSS_UNIT / 1024) };
}
