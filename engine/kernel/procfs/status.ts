import type { Pid } from '../../base/units.ts';
import { capabilityText } from '../../proc/credentials.ts';
import { mmOf, taskName, taskState, type ProcState } from '../../proc/task.ts';
import type { TaskState } from '../../protocol/views.ts';
import type { KernelState } from '../state.ts';
import { kbLine, kilobytes } from './format.ts';
import { sizesOf, type Sizes } from './sizes.ts';

/** /proc/PID/status, line by line as 6.18 prints it; 0 where the lab has nothing to count. */

/** Source: Linux 6.18 fs/proc/array.c task_state_array. A task that waits for the CPU is as runnable as the one that has it. */
const STATE_WORDS: Readonly<Record<TaskState, string>> = {
  new: 'R (running)',
  runnable: 'R (running)',
  running: 'R (running)',
  blocked: 'D (disk sleep)',
  stopped: 'T (stopped)',
  zombie: 'Z (zombie)',
  reaped: 'X (dead)',
};

/** Source: Linux 6.18 fs/proc/array.c proc_pid_status; a zombie has no memory to tell of. */
export function statusText(k: KernelState, pid: Pid): string {
  const mm = mmOf(k, pid);
  const memory = mm < 0 ? '' : memoryLines(sizesOf(k, mm)) + line('CoreDumping', 0) + line('THP_enabled', 1);
  return [identity(k, pid), memory, mm < 0 ? '' : line('untag_mask', '0xffffffffffffffff'), rest(k, pid)].join('');
}

const line = (name: string, value: string | number): string => `${name}:\t${value}\n`;

function identity(k: KernelState, pid: Pid): string {
  const { tasks } = k;
  const uid = tasks.uid[pid]!;
  const four = `${uid}\t${uid}\t${uid}\t${uid}`;
  return [
    line('Name', taskName(k, pid)),
    line('Umask', '0022'),
    line('State', STATE_WORDS[taskState(k, pid)]),
    line('Tgid', pid),
    line('Ngid', 0),
    line('Pid', pid),
    line('PPid', Math.max(0, tasks.parent[pid]!)),
    line('TracerPid', 0),
    line('Uid', four),
    line('Gid', '0\t0\t0\t0'),
    line('FDSize', 64),
    line('Groups', ' '),
    line('NStgid', pid),
    line('NSpid', pid),
    line('NSpgid', 0),
    line('NSsid', 0),
    line('Kthread', 0),
  ].join('');
}

/** Source: Linux 6.18 fs/proc/task_mmu.c task_mem. */
function memoryLines(s: Sizes): string {
  const rows: readonly [string, number][] = [
    ['VmPeak', s.peakTotal],
    ['VmSize', s.total],
    ['VmLck', s.locked],
    ['VmPin', 0],
    ['VmHWM', s.peakResident],
    ['VmRSS', s.resident],
    ['RssAnon', s.anon],
    ['RssFile', s.file],
    ['RssShmem', s.shmem],
    ['VmData', s.data],
    ['VmStk', s.stack],
    ['VmExe', s.text],
    ['VmLib', s.library],
    ['VmPTE', s.tables],
    ['VmSwap', s.swap],
    ['HugetlbPages', s.hugetlb],
  ];
  return rows.map(([name, pages]) => kbLine(`${name}:\t`, 0, kilobytes(pages))).join('');
}

const mask = (bits: number): string => (bits >>> 0).toString(16).padStart(16, '0');
/** Signal N is bit N − 1 here. */
const signalMask = (bits: number): string => mask(bits >>> 1);

/** Source: Linux 6.18 fs/proc/array.c task_sig, task_cap, task_seccomp, task_cpus_allowed, task_context_switch_counts. */
function rest(k: KernelState, pid: Pid): string {
  const { tasks } = k;
  const mm = mmOf(k, pid);
  const capabilities = mm < 0 ? mask(0) : capabilityText(k, mm);
  return [
    line('Threads', 1),
    line('SigQ', `0/${maxProcesses(k)}`),
    line('SigPnd', mask(0)),
    line('ShdPnd', signalMask(tasks.sigPending[pid]!)),
    line('SigBlk', mask(0)),
    line('SigIgn', signalMask(tasks.sigIgnored[pid]!)),
    line('SigCgt', signalMask(tasks.sigHandled[pid]!)),
    line('CapInh', mask(0)),
    line('CapPrm', capabilities),
    line('CapEff', capabilities),
    line('CapBnd', '000001ffffffffff'),
    line('CapAmb', mask(0)),
    line('NoNewPrivs', 0),
    line('Seccomp', 0),
    line('Seccomp_filters', 0),
    line('Speculation_Store_Bypass', 'not vulnerable'),
    line('SpeculationIndirectBranch', 'not affected'),
    line('Cpus_allowed', 1),
    line('Cpus_allowed_list', 0),
    line('Mems_allowed', '1'),
    line('Mems_allowed_list', 0),
    line('voluntary_ctxt_switches', 0),
    line('nonvoluntary_ctxt_switches', 0),
  ].join('');
}

/** RLIMIT_NPROC and RLIMIT_SIGPENDING at boot. Source: Linux kernel/fork.c set_max_threads, fork_init: RAM / 128 KiB, halved. */
export const maxProcesses = (k: ProcState): number => {
  const threads = Math.floor((k.machine.totalFrames[0]! - k.machine.reserved[0]!) / 32);
  return Math.floor(Math.max(threads, MIN_THREADS) / 2);
};
const MIN_THREADS = 20;
