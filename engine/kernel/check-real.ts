import { FRAME } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import { busFrame, isReal } from '../mm/real-mode.ts';
import { vmaAt, vmaCount } from '../mm/vma-list.ts';
import { hasMemory, mmOf, taskNumbers } from '../proc/task.ts';
import type { Report } from './check-invariants.ts';
import type { KernelState } from './state.ts';

/**
 * INV-25 without page tables there is none, and a program's frame has as many references as areas lead to it; with them
 * no frame is of that kind
 */
export function checkReal(k: KernelState, report: Report): void {
  const { frames, tables, mms } = k;
  const expected = new Uint32Array(frames.rows);
  if (isReal(k)) {
    for (let table = 0; table < tables.rows; table++)
      if (isLive(tables, table)) report('INV-25', `page table ${table} on a machine without`);
    for (const pid of taskNumbers(k)) {
      if (!hasMemory(k, pid)) continue;
      const mm = mmOf(k, pid);
      let pages = 0;
      for (let i = 0; i < vmaCount(k, mm); i++) {
        const vma = vmaAt(k, mm, i);
        for (let page = k.vmas.start[vma]!; page < k.vmas.end[vma]!; page++, pages++) expected[busFrame(k, page)]!++;
      }
      if (mms.rssAnon[mm] !== pages) report('INV-25', `p${pid}: rss ${mms.rssAnon[mm]}, areas ${pages}`);
    }
  }
  for (let frame = 0; frame < frames.rows; frame++) {
    const flat = frames.kind[frame] === FRAME.FLAT;
    if (flat !== expected[frame]! > 0)
      report('INV-25', `frame ${frame}: ${expected[frame]} areas, kind ${frames.kind[frame]}`);
    else if (flat && frames.refcount[frame] !== expected[frame])
      report('INV-25', `frame ${frame}: refcount ${frames.refcount[frame]}, areas ${expected[frame]}`);
  }
}
