import { FRAME } from '../base/flags.ts';
import { PAGE_SIZE, type Pid } from '../base/units.ts';
import { showMem } from '../mm/show-mem.ts';
import type { AllocationFor } from '../mm/state.ts';
import { mmOf, taskName, type ProcState } from './task.ts';

/** The kernel log of an out-of-memory pass, each line with its line break, in the words of 6.18. */

const kilobytes = (pages: number): number => pages * (PAGE_SIZE / 1024);
const number = (value: number, width: number): string => String(value).padStart(width);
const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

/**
 * What was being allocated. Source: Linux 6.18 include/linux/gfp_types.h GFP_HIGHUSER_MOVABLE; mm/memory.c
 * folio_prealloc; include/asm-generic/pgalloc.h GFP_PGTABLE_USER; every folio adds __GFP_COMP.
 */
function gfpText({ kind, zeroed }: AllocationFor): string {
  if (kind === FRAME.TABLE) return '0x440dc0(GFP_KERNEL_ACCOUNT|__GFP_ZERO|__GFP_COMP)';
  return zeroed ? '0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP)' : '0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)';
}

/**
 * Who asked, the state of memory, and a row for each task. Source: Linux 6.18 mm/oom_kill.c dump_header, dump_tasks,
 * dump_task; simplified: no processor, version and call trace.
 */
export function invokedLog(k: ProcState, asking: Pid, tasks: readonly Pid[], wanted: AllocationFor): string {
  const adj = k.tasks.oomScoreAdj[asking]!;
  return lines([
    `${taskName(k, asking)} invoked oom-killer: gfp_mask=${gfpText(wanted)}, order=0, oom_score_adj=${adj}`,
    ...showMem(k),
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name',
    ...tasks.filter((pid) => mmOf(k, pid) >= 0).map((pid) => taskRow(k, pid)),
  ]);
}

function taskRow(k: ProcState, pid: Pid): string {
  const { mms, tasks } = k;
  const mm = mmOf(k, pid);
  const [anon, file, shmem] = [mms.rssAnon[mm]!, mms.rssFile[mm]!, mms.rssShmem[mm]!];
  const row = [
    `[${number(pid, 7)}]`,
    number(tasks.uid[pid]!, 5),
    number(pid, 5),
    number(mms.totalVm[mm]!, 8),
    number(anon + file + shmem, 8),
    number(anon, 8),
    number(file, 8),
    number(shmem, 9),
    number(mms.tables[mm]! * PAGE_SIZE, 8),
    number(mms.swapEntries[mm]!, 8),
  ];
  return `${row.join(' ')}         ${number(tasks.oomScoreAdj[pid]!, 5)} ${taskName(k, pid)}`;
}

/** Source: Linux 6.18 mm/oom_kill.c dump_oom_summary, __oom_kill_process; cpuset_print_current_mems_allowed. */
export function killedLog(k: ProcState, victim: Pid): string {
  const { mms, tasks } = k;
  const mm = mmOf(k, victim);
  const name = taskName(k, victim);
  const uid = tasks.uid[victim]!;
  return lines([
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,' +
      `task=${name},pid=${victim},uid=${uid}`,
    `Out of memory: Killed process ${victim} (${name}) total-vm:${kilobytes(mms.totalVm[mm]!)}kB, ` +
      `anon-rss:${kilobytes(mms.rssAnon[mm]!)}kB, file-rss:${kilobytes(mms.rssFile[mm]!)}kB, ` +
      `shmem-rss:${kilobytes(mms.rssShmem[mm]!)}kB, UID:${uid} pgtables:${kilobytes(mms.tables[mm]!)}kB ` +
      `oom_score_adj:${tasks.oomScoreAdj[victim]!}`,
  ]);
}

/** Source: Linux 6.18 mm/oom_kill.c oom_reap_task_mm. */
export function reapedLog(k: ProcState, victim: Pid): string {
  const { mms } = k;
  const mm = mmOf(k, victim);
  return lines([
    `oom_reaper: reaped process ${victim} (${taskName(k, victim)}), now anon-rss:${kilobytes(mms.rssAnon[mm]!)}kB, ` +
      `file-rss:${kilobytes(mms.rssFile[mm]!)}kB, shmem-rss:${kilobytes(mms.rssShmem[mm]!)}kB`,
  ]);
}

/** Source: Linux 6.18 mm/oom_kill.c out_of_memory; kernel/panic.c. */
export const deadlockLog = (): string =>
  lines(['Out of memory and no killable processes...', 'Kernel panic - not syncing: System is deadlocked on memory']);
