import { isLibraryCall, loopNames, type LibraryCall } from '../../protocol/library-calls.ts';
import type { Command } from '../../protocol/commands.ts';
import { didYouMean } from '../text/nearest.ts';
import { pointersMade } from './library-call.ts';

/** Which pointers each task of a script has a name for at a place, as far as its text tells. */
export class PointerList {
  private readonly names = new Map<number, Set<string>>();

  /** @param known names by task that exist ahead of the text; a new machine has none */
  constructor(known: ReadonlyMap<number, readonly string[]> = new Map()) {
    for (const [task, names] of known) this.names.set(task, new Set(names));
  }

  /** Every name that some task has. */
  get all(): ReadonlySet<string> {
    return new Set([...this.names.values()].flatMap((names) => [...names]));
  }

  has(task: number, name: string): boolean {
    return this.of(task).has(name);
  }

  /** What is wrong with naming these pointers here, or null. Follows what the command makes and forks. */
  follow(command: Command): { readonly message: string; readonly remedy: string } | null {
    if (!('task' in command)) return null;
    const { task } = command;
    if (command.op === 'fork') this.names.set(command.child, new Set(this.of(task)));
    if (!isLibraryCall(command)) return null;
    for (const name of pointersUsed(command)) {
      if (this.has(task, name)) continue;
      const remedy = didYouMean(name, this.of(task), `allocate it first: p${task} malloc ${name} 100`);
      return { message: `p${task} has no pointer ${name}`, remedy };
    }
    for (const name of pointersMade(command)) this.of(task).add(name);
    return null;
  }

  private of(task: number): Set<string> {
    const known = this.names.get(task) ?? new Set<string>();
    this.names.set(task, known);
    return known;
  }
}

const NEW_NAME: readonly string[] = [
  'malloc', 'valloc', 'calloc', 'memalign', 'aligned_alloc', 'posix_memalign',
]; // prettier-ignore

/** Names that must stand for a pointer before the call. */
export function pointersUsed(call: LibraryCall): readonly string[] {
  if (call.op === 'loop') return call.action === 'free' ? loopNames(call) : [];
  if (call.op === 'store') return [call.name, call.target];
  return 'name' in call && !NEW_NAME.includes(call.op) ? [call.name] : [];
}
