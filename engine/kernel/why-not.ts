import type { Pid } from '../base/units.ts';
import { deviceFits, deviceNamed } from '../mm/device.ts';
import { fileNamed } from '../mm/file.ts';
import { mayAddSwap } from '../mm/swap-slots.ts';
import { panicOf } from '../proc/oom-state.ts';
import { isAlive, taskExists, taskState } from '../proc/task.ts';
import type { Command } from '../protocol/commands.ts';
import { filesIn } from './file-calls.ts';
import { whyNotVariable } from './heap/environment.ts';
import { whyNotDesign } from './heap/chosen-design.ts';
import { pointerOf } from './heap/pointers.ts';
import { whyNotPointer } from './heap/why-not-pointer.ts';
import { isProgram } from './program/process.ts';
import { whyNotSecret } from './program/secrets.ts';
import { whyNotRun } from './program/why-not-run.ts';
import { regionPage } from './regions.ts';
import type { KernelState } from './state.ts';
import { fromOutside } from './task-calls.ts';

/** Why a command cannot be given right now, or null. The player, the console and `exec` all ask this. */
export function whyNot(k: KernelState, command: Command): string | null {
  const panic = panicOf(k);
  if (panic !== null) return `the kernel has panicked: ${panic}`;
  if (command.op === '@env') return whyNotVariable(k, command.name, command.value);
  if (command.op === '@swap' && !mayAddSwap(k, command.pages)) return 'there is too much swap already';
  const { needs, makes } = filesIn(command);
  if (command.op === '@device' && !deviceFits(k, command.pages)) return 'no physical addresses are left for it';
  const device = makes === null && needs === null ? null : deviceNamed(k, (makes ?? needs)!);
  if (device !== null && command.op === 'mmap') return whyNotTask(k, command);
  if (makes !== null && (fileNamed(k, makes) !== null || device !== null)) return `the file ${makes} exists already`;
  if (needs !== null && fileNamed(k, needs) === null) return `there is no file ${needs}`;
  return 'task' in command ? whyNotTask(k, command) : null;
}

function whyNotTask(k: KernelState, command: Extract<Command, { task: number }>): string | null {
  const { task } = command;
  if (!isAlive(k, task) && !(command.op === 'cat' && taskExists(k, task))) return `p${task} is not alive`;
  if (command.op === 'fork' && taskExists(k, command.child)) return `p${command.child} exists already`;
  const unknown = whyNotPointer(k, command) ?? whyNotDesign(k, command);
  if (unknown !== null) return unknown;
  if (fromOutside(command)) return null;
  if ((command.op === 'run' || command.op === 'step' || command.op === 'secret') && !isProgram(k, task)) {
    return `p${task} runs no C program; start one with p${task} exec`;
  }
  const wrong =
    command.op === 'run'
      ? whyNotRun(k, task as Pid, command.until)
      : command.op === 'secret'
        ? whyNotSecret(k, task as Pid, command.name)
        : null;
  if (wrong !== null) return wrong;
  const state = taskState(k, task as Pid);
  if (state === 'stopped') return `p${task} is stopped; let it go on with p${task} kill CONT`;
  if (state === 'blocked') return `p${task} waits for a device; let that answer with p${task} unblock`;
  return null;
}

/** Names of regions that a command needs. */
function namesIn(command: Command): (string | undefined)[] {
  if (command.op === 'mmap') return [command.at?.name];
  if (command.op === 'pread' || command.op === 'pwrite') return [command.buffer?.name];
  return 'name' in command && 'offset' in command ? [command.name] : [];
}

/**
 * The first name of a command that nothing has had yet, or null. Scripts may use such a name: it gets a place where
 * nothing is mapped. Typed by hand it is most likely a slip.
 */
export function unknownName(k: KernelState, command: Command): string | null {
  const names = namesIn(command);
  const isKnown = (name: string): boolean =>
    regionPage(k, name, 'task' in command ? command.task : undefined) !== null ||
    ('task' in command && pointerOf(k, command.task, name) !== null);
  return names.find((name) => name !== undefined && !isKnown(name)) ?? null;
}
