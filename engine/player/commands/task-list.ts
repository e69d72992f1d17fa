import { MAX_TASKS } from '../../base/limits.ts';
import type { Command } from '../../protocol/commands.ts';

/**
 * Which tasks a script can have at a place, as far as its text tells. A fork that fails when it runs is not seen here;
 * whoever runs the script checks again.
 */
export class TaskList {
  private readonly alive: Set<number>;
  private readonly ended = new Set<number>();

  /** @param alive tasks that exist ahead of the text; a new machine has p0 */
  constructor(alive: readonly number[] = [0]) {
    this.alive = new Set(alive);
  }

  /** What is wrong with naming these tasks here, or null. Follows the command's own fork, exit or kill. */
  follow(command: Command): { readonly message: string; readonly remedy: string } | null {
    if (!('task' in command)) return null;
    const { task } = command;
    if (!this.alive.has(task)) return this.absent(task);
    if (command.op === 'fork') {
      if (this.alive.has(command.child)) {
        return { message: `p${command.child} exists already`, remedy: `fork ${this.firstUnused()} instead` };
      }
      this.alive.add(command.child);
      this.ended.delete(command.child);
    }
    if (command.op === 'exit' || command.op === 'kill') {
      this.alive.delete(task);
      this.ended.add(task);
    }
    return null;
  }

  private absent(task: number): { message: string; remedy: string } {
    if (this.ended.has(task))
      return { message: `p${task} has ended before this line`, remedy: 'use a task that lives' };
    const parent = Math.min(...this.alive, MAX_TASKS);
    const remedy = parent < MAX_TASKS ? `fork it first: p${parent} fork p${task}` : 'no task is left to fork it';
    return { message: `p${task} does not exist here`, remedy };
  }

  private firstUnused(): string {
    let task = 0;
    while (this.alive.has(task)) task++;
    return `p${task}`;
  }
}
