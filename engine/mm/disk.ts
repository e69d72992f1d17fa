import { allocRow, freeRow, isLive } from '../base/table.ts';
import { PAGE_SIZE, type ObjectId, type Pfn } from '../base/units.ts';
import { fileName } from './file.ts';
import { copyContent, forgetContent, freeContent, storeByte } from './frame-bytes.ts';
import type { MemoryState } from './state.ts';

/**
 * What is on the disk. A page that was never written since its file was made holds a line of text that names file and
 * page; a hole and everything behind that reads as zeros; all else has a row.
 */
function bucketOf(k: MemoryState, file: number, index: number): number {
  const mixed = Math.imul(file + 1, 0x9e3779b1) + Math.imul(index | 0, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (k.diskHash.rows - 1);
}

function rowOf(k: MemoryState, file: number, index: number): number {
  const { disk } = k;
  let row = k.diskHash.first[bucketOf(k, file, index)]!;
  while (row >= 0 && (disk.object[row] !== file || disk.index[row] !== index)) row = disk.next[row]!;
  return row;
}

const firstText = (k: MemoryState, file: ObjectId, index: number): string =>
  index < k.objects.textPages[file]! ? `${fileName(k, file)} page ${index}\n` : '';

/**
 * The page's bytes go into the frame. @returns false for a hole, which the disk is not asked about
 */
export function loadFromDisk(k: MemoryState, file: ObjectId, index: number, frame: Pfn): boolean {
  forgetContent(k, frame);
  const row = rowOf(k, file, index);
  if (row >= 0) {
    k.frames.content[frame] = copyContent(k, k.disk.content[row]!);
    return k.disk.hole[row] === 0;
  }
  const text = firstText(k, file, index);
  for (let i = 0; i < text.length; i++) storeByte(k, frame, i, text.charCodeAt(i));
  return text !== '';
}

function makeRow(k: MemoryState, file: ObjectId, index: number): number {
  const { disk, diskHash } = k;
  const row = allocRow(disk);
  const bucket = bucketOf(k, file, index);
  disk.object[row] = file;
  disk.index[row] = index;
  disk.content[row] = -1;
  disk.next[row] = diskHash.first[bucket]!;
  diskHash.first[bucket] = row;
  return row;
}

/** The frame's bytes become the page's. */
export function storeToDisk(k: MemoryState, file: ObjectId, index: number, frame: Pfn): void {
  const found = rowOf(k, file, index);
  const row = found < 0 ? makeRow(k, file, index) : found;
  freeContent(k, k.disk.content[row]!);
  k.disk.hole[row] = 0;
  k.disk.content[row] = copyContent(k, k.frames.content[frame]!);
}

/** The page's bytes, to be written in place. @returns where they start in `contents.bytes` */
export function writableDiskPage(k: MemoryState, file: ObjectId, index: number): number {
  const { disk, contents } = k;
  const found = rowOf(k, file, index);
  const text = found < 0 ? firstText(k, file, index) : '';
  const row = found < 0 ? makeRow(k, file, index) : found;
  const content = disk.content[row]!;
  disk.hole[row] = 0;
  if (content >= 0) return content * PAGE_SIZE;
  const start = allocRow(contents) * PAGE_SIZE;
  contents.bytes[start] = -1 - content;
  for (let i = 0; i < text.length; i++) contents.bytes[start + i] = text.charCodeAt(i);
  disk.content[row] = start / PAGE_SIZE;
  return start;
}

/** One byte of the disk, for whoever looks at it from outside. */
export function peekDisk(k: MemoryState, file: ObjectId, index: number, offset: number): number {
  const row = rowOf(k, file, index);
  if (row < 0) {
    const text = firstText(k, file, index);
    return offset < text.length ? text.charCodeAt(offset) : 0;
  }
  const content = k.disk.content[row]!;
  if (content >= 0) return k.contents.bytes[content * PAGE_SIZE + offset]!;
  return offset === 0 ? -1 - content : 0;
}

/** What the disk's page holds: text where it was never written, else a content number as a frame has. */
export function peekDiskContent(k: MemoryState, file: ObjectId, index: number): { content: number; text: string } {
  const row = rowOf(k, file, index);
  return row < 0 ? { content: -1, text: firstText(k, file, index) } : { content: k.disk.content[row]!, text: '' };
}

/** All 4,096 bytes of the disk's page, for whoever looks at it from outside; not to be written to. */
export function peekDiskPage(k: MemoryState, file: ObjectId, index: number): Uint8Array {
  const { content, text } = peekDiskContent(k, file, index);
  if (content >= 0) return k.contents.bytes.subarray(content * PAGE_SIZE, (content + 1) * PAGE_SIZE);
  const bytes = new Uint8Array(PAGE_SIZE);
  bytes[0] = -1 - content;
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Pages [from, to) become a hole; to Infinity: the file ends at `from`. */
export function punchDisk(k: MemoryState, file: ObjectId, from: number, to: number): void {
  const { disk, objects } = k;
  for (let row = 0; row < disk.rows; row++) {
    const inside = isLive(disk, row) && disk.object[row] === file && disk.index[row]! >= from && disk.index[row]! < to;
    if (inside) dropRow(k, row);
  }
  const text = objects.textPages[file]!;
  if (to >= text) objects.textPages[file] = Math.min(text, from);
  // A hole with text behind it: its zeros are written down.
  else for (let index = from; index < to; index++) disk.hole[makeRow(k, file, index)] = 1;
}

function dropRow(k: MemoryState, row: number): void {
  const { disk, diskHash } = k;
  const bucket = bucketOf(k, disk.object[row]!, disk.index[row]!);
  let at = diskHash.first[bucket]!;
  if (at === row) diskHash.first[bucket] = disk.next[row]!;
  else {
    while (disk.next[at] !== row) at = disk.next[at]!;
    disk.next[at] = disk.next[row]!;
  }
  freeContent(k, disk.content[row]!);
  freeRow(disk, row);
}
