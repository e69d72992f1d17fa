import { FRAME, PG, PTE, VM } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import { PAGE_SIZE, pagesFor, type ObjectId, type Pfn } from '../base/units.ts';
import { peekDiskContent } from '../mm/disk.ts';
import { filesOf } from '../mm/file.ts';
import { cachedFrame } from '../mm/object.ts';
import { cachedFrames } from '../mm/page-cache.ts';
import { ownerOfEntry } from '../mm/page-table.ts';
import { entriesOf } from '../mm/rmap.ts';
import { vmaOf } from '../mm/vma-list.ts';
import { bytesOfContent, firstDifference } from './compare-pages.ts';
import type { KernelState } from './state.ts';

/**
 * What must hold of files and the page cache.
 *
 * INV-20 a clean cached page holds what the disk holds
 * INV-21 a page that somebody may store to through a shared mapping is dirty
 * INV-22 the cache holds no page behind the file's end, and finds each page it holds
 * INV-23 a file knows since when it has dirty pages, and only while it has some
 */
export function checkPageCache(k: KernelState, report: (rule: string, text: string) => void): void {
  for (const file of filesOf(k)) {
    const frames = cachedFrames(k, file, 0, Infinity);
    for (const frame of frames) checkPage(k, file, frame, report);
    const dirty = frames.some((frame) => (k.frames.flags[frame]! & PG.DIRTY) !== 0);
    if (dirty !== k.objects.dirtied[file]! >= 0)
      report('INV-23', `file ${file}: dirty since ${k.objects.dirtied[file]}`);
    if (frames.length !== k.objects.cached[file])
      report('INV-22', `file ${file}: counts ${k.objects.cached[file]} pages`);
    if (k.objects.pages[file] !== pagesFor(k.objects.sizeBytes[file]!))
      report('INV-22', `file ${file}: pages and size`);
  }
  for (let row = 0; row < k.shadows.rows; row++) {
    if (!isLive(k.shadows, row)) continue;
    const [file, index] = [k.shadows.object[row]! as ObjectId, k.shadows.index[row]!];
    const gone = index < k.objects.pages[file]! && cachedFrame(k, file, index) < 0;
    if (!gone) report('INV-22', `file ${file}: page ${index} is remembered as gone`);
  }
  for (let row = 0; row < k.disk.rows; row++) {
    const held = isLive(k.disk, row) && isLive(k.objects, k.disk.object[row]!);
    if (isLive(k.disk, row) && !held) report('INV-22', `row ${row} of the disk belongs to no file`);
  }
}

function checkPage(k: KernelState, file: ObjectId, frame: Pfn, report: (rule: string, text: string) => void): void {
  const index = k.frames.index[frame]!;
  const flags = k.frames.flags[frame]!;
  if (index >= k.objects.pages[file]!) report('INV-22', `frame ${frame}: page ${index} is behind the end`);
  if (k.frames.kind[frame] !== FRAME.FILE || cachedFrame(k, file, index) !== frame)
    report('INV-22', `frame ${frame} is not found as page ${index} of file ${file}`);
  if ((flags & PG.DIRTY) !== 0) return;
  const end = Math.min(PAGE_SIZE, k.objects.sizeBytes[file]! - index * PAGE_SIZE);
  const differs = firstDifference(bytesOfContent(k, k.frames.content[frame]!, 0), diskPage(k, file, index), end);
  if (differs !== null)
    report('INV-20', `frame ${frame} is clean, but differs from page ${index} on the disk at byte ${differs}`);
  for (const entry of entriesOf(k, frame)) {
    const { mm, page } = ownerOfEntry(k, entry);
    const vma = vmaOf(k, mm, page);
    const shared = vma >= 0 && (k.vmas.flags[vma]! & VM.SHARED) !== 0;
    if (shared && (k.tables.words[entry * 2]! & PTE.RW) !== 0)
      report('INV-21', `frame ${frame} is clean, but p${k.mms.pid[mm]} may store to it`);
  }
}

/** What the disk holds, to be read before the next call. */
function diskPage(k: KernelState, file: ObjectId, index: number): Uint8Array {
  const { content, text } = peekDiskContent(k, file, index);
  if (text === '') return bytesOfContent(k, content, 1);
  textPage.fill(0);
  for (let i = 0; i < text.length; i++) textPage[i] = text.charCodeAt(i);
  return textPage;
}

const textPage = new Uint8Array(PAGE_SIZE);
