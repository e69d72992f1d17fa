import { EVENT } from '../../base/event-kinds.ts';
import { emit } from '../../base/event-log.ts';
import type { Pid } from '../../base/units.ts';
import { isAlive } from '../../proc/task.ts';
import type { MachineDirective, ProgramResult, TaskOperation } from '../../protocol/commands.ts';
import { signalName } from '../../base/signals.ts';
import type { Outcome } from '../outcome.ts';
import type { KernelState } from '../state.ts';
import { Process } from './process.ts';
import { ProgramRun, type RunEnd } from './program-run.ts';
import { currentStop, outRule, runRule, stepRule, type StopRule } from './stops.ts';

/** Instructions of one command: so many that whoever waits for an answer has it soon. */
export const COMMAND_INSTRUCTIONS = 10_000_000;

const STOPPED: Readonly<Record<RunEnd['kind'], ProgramResult['stopped']>> = {
  stop: 'there',
  ended: 'ended',
  budget: 'budget',
  output: 'output',
  waiting: 'waiting',
};

/** `run` and `step`: a task's C program goes on. */
export function runTask(k: KernelState, pid: Pid, command: Extract<TaskOperation, { op: 'run' | 'step' }>): Outcome {
  const run = new ProgramRun(k, pid);
  const before = k.programs.runtime.instructions[0]!;
  const { image } = new Process(k, pid);
  let end: RunEnd = { kind: 'stop' };
  if (command.op === 'run') {
    const rule = command.until === null ? null : runRule(k, image, command.until);
    end = run.run(command.instructions ?? COMMAND_INSTRUCTIONS, pid, rule);
  } else {
    let left = COMMAND_INSTRUCTIONS;
    for (let i = 0; i < command.count && end.kind === 'stop'; i++) {
      new Process(k, pid).restore(run.cpu);
      const rule: StopRule =
        command.out === true
          ? outRule(run.cpu, image)
          : stepRule(run.cpu, image, command.unit, command.into, run.cpu.pc);
      const at = k.programs.runtime.instructions[0]!;
      end = run.run(left, pid, rule);
      left -= k.programs.runtime.instructions[0]! - at;
    }
  }
  return outcomeOf(k, pid, run, end, k.programs.runtime.instructions[0]! - before);
}

function outcomeOf(k: KernelState, pid: Pid, run: ProgramRun, end: RunEnd, instructions: number): Outcome {
  const death = run.deaths.get(pid);
  if (!isAlive(k, pid)) {
    emit(k.events, EVENT.PROGRAM_STOPPED, -1, -1, 0, instructions);
    const status = k.tasks.exitStatus[pid]!;
    const signal = k.tasks.exitSignal[pid]!;
    const program: ProgramResult = { stopped: 'ended', line: null, instructions, status };
    if (signal === 0) return { ret: status, program };
    return { sig: signalName(signal), ...(death?.reason ? { reason: death.reason } : {}), program };
  }
  const process = new Process(k, pid);
  const line = currentStop(process.image, k.programs.processes.pc[pid]!)?.place.line ?? null;
  emit(k.events, EVENT.PROGRAM_STOPPED, -1, -1, line ?? 0, instructions);
  const stopped = STOPPED[end.kind];
  const program: ProgramResult = { stopped, line, instructions };
  return { ret: retOf(program), program };
}

/** What the console says. */
function retOf({ stopped, line, instructions }: ProgramResult): string {
  const where = line === null ? 'in code without source' : `at line ${line}`;
  switch (stopped) {
    case 'there':
      return where;
    case 'budget':
      return `still running after ${instructions} instructions, ${where}`;
    case 'output':
      return `stopped: too much output, ${where}`;
    default:
      return `waiting, ${where}`;
  }
}

/** `@run`: all C programs in turns. */
export function runAll(k: KernelState, command: Extract<MachineDirective, { op: '@run' }>): Outcome {
  const current = k.machine.currentTask[0]!;
  const before = k.programs.runtime.instructions[0]!;
  const run = new ProgramRun(k, (current < 0 ? 0 : current) as Pid);
  const end = run.run(command.instructions ?? COMMAND_INSTRUCTIONS, null, null);
  const instructions = k.programs.runtime.instructions[0]! - before;
  const { processes } = k.programs;
  const left = processes.image.subarray(0, processes.rows).some((image) => image > 0);
  const stopped = end.kind === 'waiting' && !left ? 'ended' : STOPPED[end.kind];
  const deaths = [...run.deaths].map(([task, death]) => ({ task, ...death }));
  return { ret: stopped === 'ended' ? 0 : stopped, program: { stopped, line: null, instructions, deaths } };
}
