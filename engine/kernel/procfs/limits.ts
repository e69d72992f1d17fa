import type { MmId } from '../../base/units.ts';
import type { KernelState } from '../state.ts';
import { maxProcesses } from './status.ts';

type Row = readonly [name: string, soft: number, hard: number, unit: string | null];

/**
 * /proc/PID/limits. Limits that nothing in the lab asks for stand as the kernel starts with them.
 * Source: Linux 6.18 fs/proc/base.c proc_pid_limits; include/asm-generic/resource.h INIT_RLIMITS.
 */
export function limitsText(k: KernelState, mm: MmId): string {
  const { mms } = k;
  const none = Infinity;
  const processes = maxProcesses(k);
  const rows: readonly Row[] = [
    ['Max cpu time', none, none, 'seconds'],
    ['Max file size', none, none, 'bytes'],
    ['Max data size', mms.rlimitData[mm]!, mms.hardData[mm]!, 'bytes'],
    ['Max stack size', mms.rlimitStack[mm]!, mms.hardStack[mm]!, 'bytes'],
    ['Max core file size', 0, none, 'bytes'],
    ['Max resident set', none, none, 'bytes'],
    ['Max processes', processes, processes, 'processes'],
    ['Max open files', 1024, 4096, 'files'],
    ['Max locked memory', mms.rlimitMemlock[mm]!, mms.hardMemlock[mm]!, 'bytes'],
    ['Max address space', mms.rlimitAs[mm]!, mms.hardAs[mm]!, 'bytes'],
    ['Max file locks', none, none, 'locks'],
    ['Max pending signals', processes, processes, 'signals'],
    ['Max msgqueue size', 819_200, 819_200, 'bytes'],
    ['Max nice priority', 0, 0, null],
    ['Max realtime priority', 0, 0, null],
    ['Max realtime timeout', none, none, 'us'],
  ];
  const text = (limit: number): string => (limit === Infinity ? 'unlimited' : String(limit)).padEnd(20);
  const head = `${'Limit'.padEnd(25)} ${'Soft Limit'.padEnd(20)} ${'Hard Limit'.padEnd(20)} ${'Units'.padEnd(10)}\n`;
  const body = rows.map(
    ([name, soft, hard, unit]) => `${name.padEnd(25)} ${text(soft)} ${text(hard)} ${unit?.padEnd(10) ?? ''}\n`,
  );
  return head + body.join('');
}
