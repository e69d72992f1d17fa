import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { MachineSettings } from './machine-settings.ts';

const DEVICE = '/dev/zram0';
const FOLDER = '/sys/block/zram0';
const PAGE = 4096;

/** Whether there is a compressed RAM disk that nobody uses, and what it takes to swap to it. */
export function hasFreeZram(): boolean {
  const hasTools = ['mkswap', 'swapon', 'swapoff'].every((tool) => spawnSync(tool, ['--version']).status === 0);
  return hasTools && existsSync(DEVICE) && readFileSync(`${FOLDER}/disksize`, 'utf8').trim() === '0';
}

/**
 * Swaps to a compressed RAM disk until it is ended, or the settings are restored. Its writes are done at once, so that a
 * page that was swapped out is in no cache; no page is read ahead, which would make major faults minor ones.
 */
export class ZramSwap {
  /** Swap slots, the first of them the header. */
  constructor(
    pages: number,
    private readonly settings: MachineSettings,
  ) {
    settings.set('page-cluster', '0');
    writeFileSync(`${FOLDER}/disksize`, `${pages * PAGE}`);
    settings.onRestore(this.end);
    for (const tool of ['mkswap', 'swapon']) {
      const run = spawnSync(tool, [DEVICE], { encoding: 'utf8' });
      if (run.status !== 0) throw new Error(`${tool} ${DEVICE}: ${run.stderr.trim()}`);
    }
  }

  readonly end = (): void => {
    spawnSync('swapoff', [DEVICE]);
    writeFileSync(`${FOLDER}/reset`, '1');
    this.settings.offRestore(this.end);
  };
}
