import type { KernelState } from '../state.ts';

/** /proc/buddyinfo: free blocks of each size, in the one zone there is. Source: Linux 6.18 mm/vmstat.c frag_show_print. */
export function buddyinfoText(k: KernelState): string {
  const { freeArea } = k;
  const counts = Array.from({ length: freeArea.rows }, (_, order) => `${String(freeArea.count[order]!).padStart(6)} `);
  return `Node 0, zone ${'Normal'.padStart(8)} ${counts.join('')}\n`;
}
