import { FRAME, VM } from '../base/flags.ts';
import { HUGE_PAGES } from '../base/limits.ts';
import { isLive } from '../base/table.ts';
import { hugeCounts } from '../mm/huge-pool.ts';
import { isHugetlb } from '../mm/hugetlb.ts';
import type { Report } from './check-invariants.ts';
import type { KernelState } from './state.ts';

/**
 * INV-32 the pool's pages are 512 frames in a row, alike, and each frame of that kind belongs to one of them
 * INV-33 what was promised of the pool is there and free, is promised once, and to somebody who may ask for it; surplus
 * pages are in use or promised
 * INV-34 areas of huge pages lie on whole ones
 */
export function checkHugePool(k: KernelState, report: Report): void {
  checkPages(k, report);
  checkPromises(k, report);
  for (let vma = 0; vma < k.vmas.rows; vma++) {
    if (!isLive(k.vmas, vma) || !isHugetlb(k.vmas.flags[vma]!)) continue;
    const { start, end, offset } = k.vmas;
    if (start[vma]! % HUGE_PAGES !== 0 || end[vma]! % HUGE_PAGES !== 0 || offset[vma]! % HUGE_PAGES !== 0)
      report('INV-34', `area ${vma} begins or ends in a huge page`);
  }
}

function checkPages(k: KernelState, report: Report): void {
  const { hugePool, frames } = k;
  const seen = new Set<number>();
  for (let row = 0; row < hugePool.rows; row++) {
    if (!isLive(hugePool, row)) continue;
    const first = hugePool.first[row]!;
    if (seen.has(first)) report('INV-32', `the huge page at frame ${first} is there twice`);
    seen.add(first);
    if (first % HUGE_PAGES !== 0) report('INV-32', `the huge page at frame ${first} is not aligned`);
    for (let frame = first; frame < first + HUGE_PAGES; frame++) {
      const alike = frames.refcount[frame] === frames.refcount[first] && frames.object[frame] === hugePool.object[row];
      if (frames.kind[frame] !== FRAME.HUGETLB || !alike) report('INV-32', `frame ${frame} is unlike frame ${first}`);
    }
  }
  let stray = -seen.size * HUGE_PAGES;
  for (let frame = 0; frame < k.machine.totalFrames[0]!; frame++) if (frames.kind[frame] === FRAME.HUGETLB) stray++;
  if (stray !== 0) report('INV-32', `${stray} frames of the pool belong to no huge page`);
}

function checkPromises(k: KernelState, report: Report): void {
  const { hugePromises, machine } = k;
  const { total, free, reserved, surplus } = hugeCounts(k);
  if (reserved > free) report('INV-33', `${reserved} huge pages are promised, ${free} free`);
  if (surplus > 0 && free > reserved) report('INV-33', `${surplus} surplus huge pages, and ${free - reserved} idle`);
  if (total - surplus !== machine.nrHugepages[0])
    report('INV-33', `${total} huge pages, ${surplus} surplus, wanted ${machine.nrHugepages[0]}`);
  const seen = new Set<string>();
  for (let row = 0; row < hugePromises.rows; row++) {
    if (!isLive(hugePromises, row)) continue;
    const [object, index] = [hugePromises.object[row]!, hugePromises.index[row]!];
    const name = `page ${index} of object ${object}`;
    if (seen.has(name)) report('INV-33', `${name} is promised twice`);
    seen.add(name);
    if (!mayAsk(k, object, index)) report('INV-33', `${name} is promised, and nobody may ask for it`);
  }
}

/** Does a shared mapping of the object exist, or a private one that was promised the page? */
function mayAsk(k: KernelState, object: number, index: number): boolean {
  const { vmas } = k;
  for (let vma = 0; vma < vmas.rows; vma++) {
    if (!isLive(vmas, vma) || vmas.object[vma] !== object) continue;
    if ((vmas.flags[vma]! & VM.SHARED) !== 0) return true;
    const from = vmas.offset[vma]! / HUGE_PAGES;
    const pages = (vmas.end[vma]! - vmas.start[vma]!) / HUGE_PAGES;
    if (vmas.hugeOwner[vma] === 1 && index >= from && index < from + pages) return true;
  }
  return false;
}
