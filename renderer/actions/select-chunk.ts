import type { Brick } from '../../engine/protocol/heap-look.ts';
import { lab } from '../stores/lab.svelte.ts';
import { select } from './select.ts';

/** Selects the page that a chunk begins in; asked why, the lab tells of the chunk. */
export async function selectChunk(pid: number, { page, address, chunks }: Brick): Promise<void> {
  await select({ kind: 'page', pid, page });
  if (chunks === 1) lab.whyOf = { kind: 'chunk', pid, address };
}
