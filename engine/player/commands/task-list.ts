import { MAX_TASKS } from '../../base/limits.ts';
import { filesIn } from '../../kernel/file-calls.ts';
import { PROGRAM_FILE } from '../../proc/image.ts';
import type { Command } from '../../protocol/commands.ts';

/**
 * Which tasks a script can have at a place, as far as its text tells. A fork that fails when it runs is not seen here;
 * whoever runs the script checks again.
 */
export class TaskList {
  private readonly alive: Set<number>;
  private readonly ended = new Set<number>();
  /** May have ended: a signal was sent, or a bad access kills from now on. Their numbers may be given out again. */
  private readonly uncertain = new Set<number>();

  private readonly files: Set<string>;

  /** @param alive tasks that exist ahead of the text; a new machine has p0 @param files names of the files there are */
  constructor(alive: readonly number[] = [0], files: readonly string[] = []) {
    this.alive = new Set(alive);
    this.files = new Set(files);
  }

  /** What is wrong with naming these tasks here, or null. Follows the command's own fork, exit or kill. */
  follow(command: Command): { readonly message: string; readonly remedy: string } | null {
    const file = this.followFile(command);
    if (file !== null || !('task' in command)) return file;
    const { task } = command;
    const { op } = command;
    // What /proc says of a zombie can be read.
    if (op === 'cat' && this.ended.has(task)) return null;
    if (!this.alive.has(task)) return this.absent(task);
    if (op === 'sigaction') this.uncertain.add(task);
    if (op === 'fork') {
      if (this.alive.has(command.child) && !this.uncertain.delete(command.child)) {
        return { message: `p${command.child} exists already`, remedy: `fork ${this.firstUnused()} instead` };
      }
      this.alive.add(command.child);
      this.ended.delete(command.child);
    }
    if (op === 'kill' && (command.target !== undefined || command.signal !== undefined)) {
      // what a signal does only the run knows
      if (command.signal !== 0) this.uncertain.add(command.target ?? task);
    } else if (op === 'exit' || op === 'kill') {
      this.end(task);
    }
    return null;
  }

  private followFile(command: Command): { readonly message: string; readonly remedy: string } | null {
    const { needs, makes } = filesIn(command);
    if (makes !== null && this.files.has(makes)) {
      return { message: `the file ${makes} exists already`, remedy: 'give the new one another name' };
    }
    if (makes !== null) this.files.add(makes);
    if (needs === null || this.files.has(needs) || needs === PROGRAM_FILE) return null;
    return { message: `there is no file ${needs} here`, remedy: `make it first: @file ${needs} 8` };
  }

  private end(task: number): void {
    this.alive.delete(task);
    this.ended.add(task);
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
