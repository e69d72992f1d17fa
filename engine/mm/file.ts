import { FRAME } from '../base/flags.ts';
import { isLive } from '../base/table.ts';
import { PAGE_SIZE, pagesFor, type ObjectId } from '../base/units.ts';
import { makeObject } from './object.ts';
import type { MemoryState } from './state.ts';

/**
 * Simulated files: an object whose pages come from a disk. One file description for each, shared by all tasks, so that
 * there is one read-ahead window a file. They behave as on ext4 with blocks of 4 KiB.
 */
const NAME_BYTES = 16;

/** A file of whole pages, none of them cached. @param name ASCII, at most 15 characters */
export function makeFile(k: MemoryState, name: string, pages: number): ObjectId {
  const file = makeObject(k, FRAME.FILE, pages, true);
  const { objects } = k;
  nameObject(k, file, name);
  objects.sizeBytes[file] = pages * PAGE_SIZE;
  objects.textPages[file] = pages;
  objects.dirtied[file] = -1;
  objects.raLast[file] = -1;
  return file;
}

/** @param name ASCII, at most 15 characters */
export function nameObject(k: MemoryState, object: ObjectId, name: string): void {
  for (let i = 0; i < name.length; i++) k.objects.name[object * NAME_BYTES + i] = name.charCodeAt(i);
}

export function fileName(k: MemoryState, file: number): string {
  const bytes = k.objects.name.subarray(file * NAME_BYTES, (file + 1) * NAME_BYTES);
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? NAME_BYTES : end));
}

/** All files, in the order in which they were made. */
export function filesOf(k: MemoryState): ObjectId[] {
  const found: ObjectId[] = [];
  for (let row = 0; row < k.objects.rows; row++) {
    if (isLive(k.objects, row) && k.objects.kind[row] === FRAME.FILE) found.push(row as ObjectId);
  }
  return found;
}

/** The file of a name, or null. */
export const fileNamed = (k: MemoryState, name: string): ObjectId | null =>
  filesOf(k).find((file) => fileName(k, file) === name) ?? null;

export function setFileSize(k: MemoryState, file: ObjectId, bytes: number): void {
  k.objects.sizeBytes[file] = bytes;
  k.objects.pages[file] = pagesFor(bytes);
}
