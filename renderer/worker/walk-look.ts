import {
  pageLabel,
  peekFrame,
  peekMachine,
  peekPage,
  peekTables,
  peekTask,
  peekTlb,
  peekTlbSet,
  type KernelState,
} from '../../engine/kernel/index.ts';
import type { TlbLook, WalkEnd, WalkLook } from '../../engine/protocol/walk-look.ts';

/** Entries of a table that are drawn at most. */
const SHOWN_ENTRIES = 6;

/** The way of a page through its tables as the window draws it; null where there are none. */
export function lookAtWalk(k: KernelState, pid: number, page: number): WalkLook | null {
  const tables = peekTables(k, pid, page, SHOWN_ENTRIES);
  const last = tables.at(-1);
  if (last === undefined) return null;
  const kind = last.entries.find(({ index }) => index === last.index)!.leads;
  return {
    pid,
    page,
    label: pageLabel(k, page, pid),
    tables,
    end: endOf(k, pid, page, kind, last.level),
    tlb: tlbOf(k, pid, page),
  };
}

function endOf(k: KernelState, pid: number, page: number, kind: WalkEnd['kind'], level: number): WalkEnd {
  const { frame } = peekPage(k, pid, page);
  const totalFrames = k.machine.totalFrames[0]!;
  const owners = frame >= 0 && frame < totalFrames ? peekFrame(k, frame).sharers.map((sharer) => sharer.pid) : [];
  return { kind, level, frame, owners: [...new Set(owners)] };
}

function tlbOf(k: KernelState, pid: number, page: number): TlbLook {
  const { tasks, tlb } = peekMachine(k);
  const { set, rows } = peekTlbSet(k, pid, page);
  const own = peekTask(k, pid)?.tlb;
  const ways = rows.map((row) => {
    if (row === null) return { holds: null };
    const { mm, page: held, frame, huge, asked } = row;
    // Tasks that share an address space share its translations; one of them is named.
    const holder = tasks.find((other) => k.tasks.mm[other] === mm) ?? -1;
    return { holds: { pid: holder, label: pageLabel(k, held, holder), frame, huge, asked } };
  });
  return {
    hit: peekTlb(k, pid, page) === 'hit',
    set,
    sets: tlb.entries / tlb.ways,
    policy: tlb.policy,
    ways,
    hits: own?.hits ?? 0,
    misses: own?.misses ?? 0,
  };
}
