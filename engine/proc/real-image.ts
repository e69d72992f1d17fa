import { VM } from '../base/flags.ts';
import { PAGE_SIZE, type MmId, type ObjectId, type Pfn } from '../base/units.ts';
import { loadFromDisk } from '../mm/disk.ts';
import { freeRun, mapFlat } from '../mm/real-mode.ts';
import type { MemoryState } from '../mm/state.ts';
import { IMAGE, type Region } from './image.ts';

/** Parts of the first program in one row, with what each may hold; nothing checks it. */
const PARTS = [
  ['text', VM.READ | VM.EXEC],
  ['rodata', VM.READ],
  ['data', VM.READ | VM.WRITE | VM.ACCOUNT],
  ['bss', VM.READ | VM.WRITE | VM.ACCOUNT],
  ['heap', VM.READ | VM.WRITE | VM.ACCOUNT],
  ['stack', VM.READ | VM.WRITE | VM.ACCOUNT],
] as const;
const FROM_FILE: readonly string[] = ['text', 'rodata', 'data'];

/**
 * Loads the first program where frames are free, all of it at once: a machine without page tables has no later.
 * Source: Linux 6.18 fs/binfmt_flat.c load_flat_file, which reads text, data, bss, heap and stack into one stretch.
 * @returns where the parts are, or null when no stretch is long enough
 */
export function loadFlatProgram(k: MemoryState, mm: MmId, file: ObjectId): Region[] | null {
  const pages = PARTS.reduce((sum, [name]) => sum + IMAGE[name], 0);
  const first = freeRun(k, pages);
  if (first === null) return null;
  const regions: Region[] = [];
  let page = first;
  let fromFile = 0;
  for (const [name, flags] of PARTS) {
    if (!mapFlat(k, mm, page, IMAGE[name], flags).ok) return null;
    regions.push({ name, page });
    if (FROM_FILE.includes(name))
      for (let i = 0; i < IMAGE[name]; i++) loadFromDisk(k, file, fromFile++, (page + i) as Pfn);
    if (name === 'heap') {
      k.mms.startBrk[mm] = page * PAGE_SIZE;
      k.mms.brk[mm] = page * PAGE_SIZE;
    }
    page += IMAGE[name];
  }
  return regions;
}
