import { assert } from '../base/assert.ts';
import {
  boot,
  checkInvariants,
  peekPage,
  peekTask,
  peekVmas,
  regionPage,
  step,
  type KernelState,
} from '../kernel/index.ts';
import type { TestRules } from '../mm/test-rules.ts';
import { parseCommand } from '../player/commands/parse-command.ts';
import { wordsOf } from '../player/commands/words.ts';
import type { Command, CommandResult, MachineOptions } from '../protocol/commands.ts';
import type { PageView, TaskView } from '../protocol/views.ts';

/** A machine with a bare first task, 256 frames, no swap; what recorded scripts start from, but small. */
export const SMALL: MachineOptions = { ramPages: 256, swapPages: 0, seed: 1, overcommit: 0, image: 'bare' };

/** One command of the console language. */
export function command(line: string): Command {
  const parsed = parseCommand(wordsOf(line));
  assert(parsed.ok, `${line}: ${parsed.ok ? '' : parsed.problems[0]!.message}`);
  return parsed.value;
}

/** A machine to drive in the console language; all invariants are checked after every command. */
export interface Lab {
  readonly k: KernelState;
  /** The commands in order; the result of the last. */
  run(...lines: string[]): CommandResult;
  page(task: number, name: string, offset: number): PageView;
  /** A letter a page, as `faultline exec` prints: `-` no VMA, `.` empty, z zero page, S swapped, x/s private, f/F shared memory. */
  pages(task: number, name: string, count: number): string;
  frames(task: number, name: string, count: number): number[];
  task(task: number): TaskView;
  /** `A[0,4) rw-p`, one an area. */
  areas(task: number): string[];
  readonly free: number;
}

export function lab(options: Partial<MachineOptions> = {}, rulesOff: Partial<TestRules> = {}): Lab {
  return drive(boot({ ...SMALL, ...options }, rulesOff));
}

export function drive(k: KernelState): Lab {
  const page = (task: number, name: string, offset: number): PageView =>
    peekPage(k, task, (regionPage(k, name, task) ?? 0) + offset);
  const each = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));
  return {
    k,
    run(...lines) {
      let last: CommandResult | null = null;
      for (const line of lines) {
        last = step(k, command(line));
        const [broken] = checkInvariants(k);
        assert(broken === undefined, `after ${line}: ${broken?.rule} ${broken?.text}`);
      }
      assert(last !== null, 'a command was given');
      return last;
    },
    page,
    pages: (task, name, count) => each(count, (i) => letterOf(k, page(task, name, i))).join(''),
    frames: (task, name, count) => each(count, (i) => page(task, name, i).frame),
    task: (task) => peekTask(k, task)!,
    areas: (task) =>
      peekVmas(k, task).map((v) => {
        const flags = v.flags.length > 0 ? ` ${v.flags.join(',')}` : '';
        return `${v.region}[${v.regionOffset},${v.regionOffset + v.end - v.start}) ${v.perms}${flags}`;
      }),
    get free() {
      return k.machine.freeFrames[0]!;
    },
  };
}

const LETTERS = { unmapped: '-', reserved: '.', zero: 'z', guard: 'g', swapped: 'S' } as Readonly<
  Record<string, string>
>;

/** What `faultline exec` prints for a page. */
export function letterOf(k: KernelState, view: PageView): string {
  const letter = LETTERS[view.state];
  if (letter !== undefined) return letter;
  const shared = view.sharers > 1;
  const isPrivate = k.frames.object[view.frame]! < 0;
  return isPrivate ? (shared ? 's' : 'x') : shared ? 'F' : 'f';
}
