import type { MmId } from '../../base/units.ts';
import type { KernelState } from '../state.ts';
import { sizesOf } from './sizes.ts';

/** /proc/PID/statm, pages: size, resident, shared, text, 0, data with stack, 0. Source: Linux 6.18 fs/proc/array.c proc_pid_statm. */
export function statmText(k: KernelState, mm: MmId): string {
  const { total, resident, file, shmem, text, data, stack } = sizesOf(k, mm);
  return `${[total, resident, file + shmem, text, 0, data + stack, 0].join(' ')}\n`;
}
