import type { Chip } from '../../engine/protocol/player.ts';
import { lab } from '../stores/lab.svelte.ts';
import { select } from './select.ts';

/** Goes to the place that a link of the why-chain is about. */
export async function lightChip(chip: Chip): Promise<void> {
  // A device's pages have frame numbers beyond RAM: there is nothing on the board to light.
  const onBoard = chip.frame >= 0 && chip.frame < (lab.snapshot?.frames.total ?? 0);
  if (onBoard) await select({ kind: 'frame', frame: chip.frame });
  else if (chip.page >= 0) await select({ kind: 'page', pid: chip.pid, page: chip.page });
}
