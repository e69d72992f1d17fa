import { EVENT } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import type { MmId, Pid } from '../base/units.ts';
import { reapAddressSpace } from '../mm/oom-reap.ts';
import type { AllocationFor } from '../mm/state.ts';
import type { OomReport } from '../protocol/commands.ts';
import { endTask } from './exit.ts';
import { SIGNAL, signalBit } from '../base/signals.ts';
import { invokedLog, killedLog, reapedLog, deadlockLog } from './oom-log.ts';
import { badness } from './oom-score.ts';
import { sendOom } from './oom-state.ts';
import { mmOf, taskNumbers, taskState, type ProcState } from './task.ts';

/** How long the reaper leaves a victim to go by itself. Source: Linux 6.18 mm/oom_kill.c OOM_REAPER_DELAY, 2*HZ. */
const REAPER_DELAY_NS = 2_000_000_000;

/**
 * Tasks from the oldest to the youngest, as Linux's list of processes has them. Source: Linux kernel/fork.c copy_process.
 */
function byAge(k: ProcState): Pid[] {
  const { born } = k.tasks;
  return taskNumbers(k).sort((a, b) => born[a]! - born[b]!);
}

/**
 * No frame is free: the task with the largest badness is killed; of equals the youngest.
 * On return either frames became free, or the asking task has to give up: it is the victim and dies when its operation
 * has ended, or nothing can be killed and the kernel has panicked.
 * Source: Linux 6.18 mm/oom_kill.c out_of_memory, select_bad_process, oom_evaluate_task, oom_kill_process.
 * @returns true when the allocation may be tried again
 */
export function killForMemory(k: ProcState, asking: Pid, wanted: AllocationFor): boolean {
  // task_will_free_mem: a task on its way out asks for nobody's death
  if (k.tasks.dying[asking] === 1) return false;
  sendOom(k, 'oom.invoked');
  const tasks = byAge(k);
  const points = new Map(tasks.map((pid) => [pid, badness(k, pid)]));
  let victim: Pid | null = null;
  let worst = -Infinity;
  for (const [pid, value] of points) if (value !== null && value >= worst) [victim, worst] = [pid, value];
  const report: OomReport = {
    victim: victim === null ? null : `p${victim}`,
    badness: Object.fromEntries([...points].map(([pid, value]) => [`p${pid}`, value])),
    log: invokedLog(k, asking, tasks, wanted),
  };
  k.oomReports.push(report);
  if (victim === null) {
    sendOom(k, 'victim.none');
    emit(k.events, EVENT.PANIC, -1, -1);
    report.log += deadlockLog();
    return false;
  }
  sendOom(k, 'victim.found');
  report.log += killedLog(k, victim);
  k.machine.oomKills[0]!++;
  const id = emit(k.events, EVENT.OOM_KILL, -1, -1, worst, victim);
  return within(k.events, id, () => endVictim(k, victim, asking, report));
}

/** Source: Linux 6.18 mm/oom_kill.c __oom_kill_process, queue_oom_reaper. @returns true when frames became free */
function endVictim(k: ProcState, victim: Pid, asking: Pid, report: OomReport): boolean {
  if (victim === asking) {
    k.tasks.dying[victim] = 1;
    sendOom(k, 'victim.asks');
    return false;
  }
  if (taskState(k, victim) === 'blocked') {
    sendOom(k, 'victim.blocked');
    k.tasks.sigPending[victim]! |= signalBit(SIGNAL.SIGKILL);
    reap(k, victim, mmOf(k, victim), report);
  } else {
    endTask(k, victim, SIGNAL.SIGKILL);
    sendOom(k, 'victim.exits');
  }
  sendOom(k, 'pass.ends');
  return true;
}

/** The victim cannot go yet: its private memory is taken all the same. Source: Linux 6.18 mm/oom_kill.c oom_reap_task_mm. */
function reap(k: ProcState, victim: Pid, mm: MmId, report: OomReport): void {
  k.machine.timeNs[0]! += REAPER_DELAY_NS;
  k.events.now = k.machine.timeNs[0]!;
  const pages = reapAddressSpace(k, mm);
  emit(k.events, EVENT.OOM_REAPED, -1, -1, pages, victim);
  sendOom(k, 'memory.reaped');
  report.log += reapedLog(k, victim);
}

/** The victim that was asking has come back from its operation and is gone. */
export function victimReturned(k: ProcState): void {
  sendOom(k, 'victim.exits');
  sendOom(k, 'pass.ends');
}
