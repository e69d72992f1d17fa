import { allocRow } from '../../../base/table.ts';
import { PAGE_SIZE, type MmId, type Pid } from '../../../base/units.ts';
import { FRAME } from '../../../base/flags.ts';
import { contentByte } from '../../../mm/frame-bytes.ts';
import { markAt, setMark } from '../../../mm/content-marks.ts';
import { contentOfPage } from '../../../mm/peek-page.ts';
import { mmOf } from '../../../proc/task.ts';
import type { KernelState } from '../../state.ts';

/** Bytes of all secrets together: marks have sixteen bits. */
const MOST_MARKED = 65_000;

/** Does anybody look for marked bytes? Nothing is followed before. */
export const hasMarks = (k: KernelState): boolean => k.programs.secretBytes.rows > 0;

/** The value that a mark stands for. */
export const valueOfMark = (k: KernelState, mark: number): number => k.programs.secretBytes.byte[mark - 1]!;

/** A new mark for a byte of that value. @returns 0 when there are too many */
export function makeMark(k: KernelState, value: number, ofText = false): number {
  const { secretBytes } = k.programs;
  if (secretBytes.rows >= MOST_MARKED) return 0;
  const row = allocRow(secretBytes);
  secretBytes.byte[row] = value;
  secretBytes.ofText[row] = ofText ? 1 : 0;
  return row + 1;
}

/** What is in a task's memory is secret from now on, where it is there at all. @returns bytes that were marked */
export function markMemory(k: KernelState, pid: Pid, address: number, length: number): number {
  const mm = mmOf(k, pid);
  let marked = 0;
  for (let at = address; at < address + length; at++) {
    const page = Math.floor(at / PAGE_SIZE);
    const content = contentOfPage(k, mm, page);
    const offset = at - page * PAGE_SIZE;
    if (content < 0 || marksOf(k, mm, at, 1)[0] !== 0) continue;
    setMark(k, content, offset, makeMark(k, contentByte(k, content, offset)));
    marked++;
  }
  return marked;
}

/** Marks of a range that still stand: what lies there is what was marked. Touches nothing. */
export function marksOf(k: KernelState, mm: MmId, address: number, length: number): Uint16Array {
  const marks = new Uint16Array(length);
  let page = -1;
  let content = -1;
  for (let i = 0; i < length; i++) {
    const at = address + i;
    if (Math.floor(at / PAGE_SIZE) !== page) {
      page = Math.floor(at / PAGE_SIZE);
      content = contentOfPage(k, mm, page);
    }
    const offset = at - page * PAGE_SIZE;
    const mark = markAt(k, content, offset);
    if (mark !== 0 && contentByte(k, content, offset) === valueOfMark(k, mark)) marks[i] = mark;
  }
  return marks;
}

/** Bytes were stored: what they were marked with goes along. */
export function putMarks(k: KernelState, mm: MmId, address: number, marks: ArrayLike<number>): void {
  for (let i = 0; i < marks.length; i++) {
    const page = Math.floor((address + i) / PAGE_SIZE);
    const content = contentOfPage(k, mm, page);
    const offset = address + i - page * PAGE_SIZE;
    if (content >= 0 && (marks[i] !== 0 || markAt(k, content, offset) !== 0)) setMark(k, content, offset, marks[i]!);
  }
}

/** Marked bytes in a row, within one page of a frame or a swap slot. */
export interface MarkedPiece {
  readonly kind: 'frame' | 'slot';
  /** Number of the frame or slot. */
  readonly index: number;
  /** Bytes from the start of the page. */
  readonly offset: number;
  readonly length: number;
  /** They belong to a text that was named. */
  readonly ofText: boolean;
}

/** Where marked bytes are now: in every frame and every swap slot. Touches nothing. */
export function markedPieces(k: KernelState): MarkedPiece[] {
  const found: MarkedPiece[] = [];
  if (!hasMarks(k)) return found;
  const look = (kind: MarkedPiece['kind'], index: number, content: number): void => {
    if (content < 0 || content >= k.contentMarks.rows) return;
    for (let offset = 0; offset < PAGE_SIZE; offset++) {
      const from = offset;
      const ofText = textMark(k, content, offset);
      if (ofText === null) continue;
      while (offset < PAGE_SIZE && textMark(k, content, offset) === ofText) offset++;
      found.push({ kind, index, offset: from, length: offset - from, ofText });
      offset--;
    }
  };
  for (let frame = 0; frame < k.frames.rows; frame++) {
    if (k.frames.kind[frame] !== FRAME.TABLE) look('frame', frame, k.frames.content[frame]!);
  }
  for (let slot = 0; slot < k.swapSlots.rows; slot++) look('slot', slot, k.swapSlots.content[slot]!);
  return found;
}

/** Whether a marked byte belongs to a text; null for one that is not marked, or is another by now. */
function textMark(k: KernelState, content: number, offset: number): boolean | null {
  const mark = markAt(k, content, offset);
  if (mark === 0 || contentByte(k, content, offset) !== valueOfMark(k, mark)) return null;
  return k.programs.secretBytes.ofText[mark - 1] === 1;
}
