import type { Command } from '../../protocol/commands.ts';
import { isLibraryCall } from '../../protocol/library-calls.ts';
import { regionPage } from '../regions.ts';
import type { KernelState } from '../state.ts';
import { pointerOf } from './pointers.ts';

/** Why a command cannot use the names it gives to pointers, or null: a name is a pointer or a region, never both. */
export function whyNotPointer(k: KernelState, command: Command): string | null {
  if (!('task' in command)) return null;
  const { task } = command;
  if (command.op === 'mmap' && pointerOf(k, task, command.name) !== null) {
    return `${command.name} is a pointer of p${task} already`;
  }
  if (!isLibraryCall(command)) return null;
  const names = ['name' in command ? command.name : null, 'target' in command ? command.target : null];
  const taken = names.find((name) => name !== null && regionPage(k, name) !== null);
  return taken === undefined ? null : `${taken} is a region already`;
}
