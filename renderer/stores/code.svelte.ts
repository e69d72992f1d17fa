import type { Problem } from '../../engine/protocol/player.ts';
import type { ProgramLook, ProgramSource, ProgramTask } from '../../engine/protocol/program-look.ts';

/** What the pane of C programs shows. Only actions write here. */
class Code {
  /** Texts of the open scenario's programs. */
  sources = $state.raw<readonly ProgramSource[]>([]);
  /** Tasks that run one, or ran one. */
  tasks = $state.raw<readonly ProgramTask[]>([]);
  /** The pane stands beside the processes. */
  shown = $state(false);
  /** The task that is looked at, −1 for none. */
  pid = $state(-1);
  look = $state.raw<ProgramLook | null>(null);
  /** Variables that are unfolded. */
  open = $state.raw<readonly string[]>([]);
  /** The variable whose bytes are shown. */
  bytes = $state<string | null>(null);

  editing = $state(false);
  /** What is being written; `from` is the text it began as, null for a new one. */
  draft = $state.raw<{ readonly file: string; readonly text: string; readonly from: string | null } | null>(null);
  /** What is wrong with it. */
  problems = $state.raw<readonly Problem[]>([]);

  /** The text on the screen: that of the task's program, else the first. */
  get source(): ProgramSource | null {
    const name = this.look?.name ?? this.tasks.find(({ pid }) => pid === this.pid)?.name;
    return this.sources.find((each) => each.name === name) ?? this.sources[0] ?? null;
  }
}

export const code = new Code();
