import { PG } from '../base/flags.ts';
import type { ObjectId } from '../base/units.ts';
import { fileName, filesOf } from '../mm/file.ts';
import { cachedFrames } from '../mm/page-cache.ts';
import type { FileView } from '../protocol/views.ts';
import type { KernelState } from './state.ts';

/** Files and what is cached of them, without touching anything. */

/** Pages of a file that a view lists. */
const SHOWN_PAGES = 256;

export const fileNames = (k: KernelState): string[] => filesOf(k).map((file) => fileName(k, file));

/** All files in the order in which they were made; the first program's own is among them. */
export const peekFiles = (k: KernelState): FileView[] => filesOf(k).map((file) => fileView(k, file));

function fileView(k: KernelState, file: ObjectId): FileView {
  const pages = Math.min(k.objects.pages[file]!, SHOWN_PAGES);
  const cache = new Array<string>(pages).fill('.');
  const counts = { cached: 0, dirty: 0, writeback: 0 };
  for (const frame of cachedFrames(k, file, 0, Infinity)) {
    const letter = letterOf(k.frames.flags[frame]!);
    counts.cached++;
    if (letter === 'd') counts.dirty++;
    if (letter === 'w') counts.writeback++;
    const index = k.frames.index[frame]!;
    if (index < pages) cache[index] = letter;
  }
  return { name: fileName(k, file), sizeBytes: k.objects.sizeBytes[file]!, cache: cache.join(''), ...counts };
}

const letterOf = (flags: number): string => ((flags & PG.WRITEBACK) !== 0 ? 'w' : (flags & PG.DIRTY) !== 0 ? 'd' : 'c');
