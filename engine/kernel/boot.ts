import { assert } from '../base/assert.ts';
import { EVENT, STALL_REASONS } from '../base/event-kinds.ts';
import { emit } from '../base/event-log.ts';
import { FRAME } from '../base/flags.ts';
import { MAX_FRAMES, MIN_FRAMES } from '../base/limits.ts';
import type { EventId, MmId, Pid } from '../base/units.ts';
import { type CostName, costOf, PRICE, setCost } from '../mm/costs.ts';
import { makeMm } from '../mm/mm.ts';
import { shrinkHugeZero } from '../mm/huge-alloc.ts';
import { handOverFrames } from '../mm/page-alloc.ts';
import { PAGE_UNITS } from '../mm/page-unit.ts';
import { addSwapDevice } from '../mm/swap-slots.ts';
import { directReclaim } from '../mm/vmscan.ts';
import type { TestRules } from '../mm/test-rules.ts';
import { setDefaultSysctls, setSysctl } from '../mm/sysctl.ts';
import { setThp } from '../mm/thp.ts';
import { DEFAULT_TLB, shapeTlb } from '../mm/tlb.ts';
import { makeTask } from '../proc/fork.ts';
import { mapBare, mapProgram } from '../proc/image.ts';
import { killForMemory } from '../proc/oom-kill.ts';
import { dispatch, sendTask } from '../proc/task.ts';
import type { MachineOptions } from '../protocol/commands.ts';
import { SYSCTL_NAMES } from '../protocol/sysctls.ts';
import { setReal } from './real.ts';
import { compiledPrograms } from './program/compiled.ts';
import { makeKernelState, type KernelState } from './state.ts';

/**
 * A machine that has just started: the kernel's frames taken, one of them the zero page, p0 running.
 * @param rulesOff rules that a test switches off; none in a real machine
 */
export function boot(options: MachineOptions, rulesOff: Partial<TestRules> = {}): KernelState {
  const { ramPages } = options;
  assert(ramPages >= MIN_FRAMES && ramPages <= MAX_FRAMES, 'the amount of RAM was checked before boot');
  const k = makeKernelState(
    ramPages,
    options.image,
    rulesOff,
    compiledPrograms(options.programs ?? [], rulesOff.arraysPileUp),
  );
  const { machine } = k;
  machine.seed[0] = options.seed;
  machine.currentTask[0] = -1;
  machine.tlbRandom[0] = options.seed === 0 ? 1 : options.seed;
  shapeTlb(k, options.tlb ?? DEFAULT_TLB);
  setPageSize(k, options);
  for (const [name, ns] of Object.entries(options.costs ?? {})) setCost(k, name as CostName, ns);
  handOverFrames(k, machine.reserved[0]!);
  setDefaultSysctls(k);
  if (options.checked === true) k.programs.shadow.machine.on[0] = 1;
  if (options.outputBytes !== undefined) k.programs.runtime.outputLimit[0] = options.outputBytes;
  const zero = machine.reserved[0]! - 1;
  machine.zeroFrame[0] = zero;
  k.frames.kind[zero] = FRAME.ZERO;
  if (options.swapPages > 0) addSwapDevice(k, 'zram', options.swapPages);
  connect(k);

  const first = 0 as Pid;
  makeTask(k, first, -1);
  const mm = makeMm(k, first);
  assert(mm !== null, 'the first task finds a frame for its page table');
  k.tasks.mm[first] = mm;
  const regions = options.image === 'program' ? mapProgram(k, mm) : mapBare(k, mm);
  assert(regions !== null, 'the first program fits the machine');
  k.regions.push(...regions);
  setSysctls(k, options);
  sendTask(k, first, 'fork.done');
  dispatch(k, first);
  if (options.real === true) setReal(k, true);
  machine.nextEvent[0] = k.events.next;
  return k;
}

/** Pages of 2 MiB are the processor's huge pages, wherever they fit. */
function setPageSize(k: KernelState, { pageSize = '4k', thp }: MachineOptions): void {
  k.machine.pageUnit[0] = PAGE_UNITS[pageSize];
  setThp(k, thp ?? (pageSize === '2m' ? 'always' : 'never'));
}

/**
 * What the machine's owner sets, as on a real one once the first program runs: strict accounting never refuses that.
 * A value out of range was refused before boot.
 */
function setSysctls(k: KernelState, { overcommit, sysctls }: MachineOptions): void {
  const wanted = { overcommit_memory: overcommit, ...sysctls };
  for (const name of SYSCTL_NAMES) {
    const value = wanted[name];
    if (value !== undefined) setSysctl(k, name, value);
  }
}

/** What memory management asks the owner of the tasks, and the allocator reclaim. */
function connect(k: KernelState): void {
  k.outOfMemory = (wanted) => killForMemory(k, k.events.currentPid, wanted);
  k.reclaimDirectly = (kind) => shrinkHugeZero(k) || directReclaim(k, kind);
  k.countFault = (mm: MmId, major: boolean, fault) => {
    const pid = k.mms.pid[mm]!;
    k.machine.pgfault[0]!++;
    if (major && !k.rules.majorCountsAsMinor) {
      k.tasks.majflt[pid]!++;
      const at = fault - k.events.first;
      if (k.events.kind[at] === EVENT.FAULT) k.events.b[at] = 1;
    } else {
      k.tasks.minflt[pid]!++;
    }
    spend(k, pid as Pid, costOf(k, major ? PRICE.major_fault : PRICE.minor_fault));
    noteStall(k, pid as Pid, fault, major);
  };
  k.pay = (price, times) => spend(k, k.events.currentPid, times * costOf(k, price));
}

const STALLED = { minor: STALL_REASONS.indexOf('minor fault'), major: STALL_REASONS.indexOf('major fault') };

/** The task stood still from the fault until now. */
function noteStall(k: KernelState, pid: Pid, fault: EventId, major: boolean): void {
  const { events, tasks } = k;
  const ns = events.now - events.time[fault - events.first]!;
  tasks.stallNs[pid]! += ns;
  emit(events, EVENT.STALL, -1, -1, major ? STALLED.major : STALLED.minor, ns);
}

/** Virtual time passes for one task. */
export function spend(k: KernelState, pid: Pid, ns: number): void {
  k.machine.timeNs[0]! += ns;
  k.tasks.timeNs[pid]! += ns;
  k.events.now = k.machine.timeNs[0]!;
}
