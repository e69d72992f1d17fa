import { extendRows } from '../base/table.ts';
import { PAGE_SIZE } from '../base/units.ts';
import type { MemoryState } from './state.ts';

/**
 * Marks on bytes of contents, 0 for none: row N belongs to row N of `contents`. The table has no rows until somebody
 * marks a byte. A mark says what was put there; whoever asks compares it with the byte, so nobody needs to take it away.
 */
export const CONTENT_MARK_SPEC = { mark: ['u16', PAGE_SIZE] } as const;

/** @param content row of `contents` */
export function setMark(k: MemoryState, content: number, offset: number, mark: number): void {
  extendRows(k.contentMarks, content + 1);
  k.contentMarks.mark[content * PAGE_SIZE + offset] = mark;
}

export function markAt(k: MemoryState, content: number, offset: number): number {
  return content >= 0 && content < k.contentMarks.rows ? k.contentMarks.mark[content * PAGE_SIZE + offset]! : 0;
}

/** A content was copied: its marks come along. */
export function copyMarks(k: MemoryState, from: number, to: number): void {
  const { contentMarks } = k;
  if (contentMarks.rows === 0) return;
  extendRows(contentMarks, Math.max(from, to) + 1);
  contentMarks.mark.copyWithin(to * PAGE_SIZE, from * PAGE_SIZE, (from + 1) * PAGE_SIZE);
}
