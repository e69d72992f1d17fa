import { SWAP_KINDS } from '../../base/event-kinds.ts';
import type { KernelState } from '../state.ts';
import { kilobytes } from './format.ts';

const HEAD = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
/** Numbers of up to seven digits are followed by one tab more. */
const WIDE = 10_000_000;
/** Columns of the name. */
const NAME_WIDTH = 40;

/** /proc/swaps, a line a device. Source: Linux 6.18 mm/swapfile.c swap_show. */
export function swapsText(k: KernelState): string {
  const { swapDevices } = k;
  return HEAD + Array.from({ length: swapDevices.rows }, (_, device) => deviceLine(k, device)).join('');
}

function deviceLine(k: KernelState, device: number): string {
  const { swapDevices } = k;
  const zram = SWAP_KINDS[swapDevices.kind[device]!] === 'zram';
  const name = zram ? `/dev/zram${device}` : `/swapfile${device === 0 ? '' : device}`;
  const column = (kb: number): string => `${kb}\t${kb < WIDE ? '\t' : ''}`;
  const sizes = column(kilobytes(swapDevices.pages[device]!)) + column(kilobytes(swapDevices.used[device]!));
  return `${name.padEnd(NAME_WIDTH)}${zram ? 'partition' : 'file\t'}\t${sizes}${swapDevices.priority[device]!}\n`;
}
