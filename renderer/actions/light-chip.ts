import type { Chip } from '../../engine/protocol/player.ts';
import { select } from './select.ts';

/** Goes to the place that a link of the why-chain is about. */
export async function lightChip(chip: Chip): Promise<void> {
  if (chip.frame >= 0) await select({ kind: 'frame', frame: chip.frame });
  else if (chip.page >= 0) await select({ kind: 'page', pid: chip.pid, page: chip.page });
}
