import { peekMachine, peekTask, type KernelState } from '../../engine/kernel/index.ts';
import type { Player } from '../../engine/player/player.ts';
import type { StepFigures, TaskFigures } from '../../engine/protocol/figures.ts';
import type { FootprintPoint } from '../../engine/protocol/player.ts';

/** Tasks that get lines of their own; more could not be told apart. */
const MOST_TASKS = 12;

/** Figures of the positions a player has been at. They are a cache: typed commands make those behind them others. */
export class FigureLog {
  private readonly known = new Map<number, StepFigures>();

  /** Takes the figures of where the player is, unless they are known. */
  note(player: Player): void {
    const { position } = player.view();
    if (player.kernel !== null && !this.known.has(position))
      this.known.set(position, figuresOf(player, player.kernel, position));
  }

  has(position: number): boolean {
    return this.known.has(position);
  }

  /** What comes behind a position is about to be another. */
  forgetFrom(position: number): void {
    for (const at of [...this.known.keys()]) if (at >= position) this.known.delete(at);
  }

  /** What is known up to a position, ascending. */
  upTo(position: number): StepFigures[] {
    const past = [...this.known.values()].filter((figures) => figures.position <= position);
    return past.sort((a, b) => a.position - b.position);
  }
}

function figuresOf(player: Player, k: KernelState, position: number): StepFigures {
  const machine = peekMachine(k);
  const footprints = footprintsUpTo(player, position);
  const commands = player.reportAt(position)?.commands ?? [];
  return {
    position,
    timeNs: machine.timeNs,
    free: machine.frames.free,
    cached: machine.frames.file,
    committed: machine.committed,
    commitLimit: machine.commitLimit,
    swapUsed: machine.swap.used,
    minflt: commands.reduce((sum, { minflt }) => sum + minflt, 0),
    majflt: commands.reduce((sum, { majflt }) => sum + majflt, 0),
    tasks: machine.tasks.slice(0, MOST_TASKS).map((pid): TaskFigures => {
      const { rss, pss, swap } = peekTask(k, pid)!;
      const heap = footprints.get(pid);
      return { pid, rss, pss, swap, asked: heap?.asked ?? null, held: heap?.held ?? 0 };
    }),
  };
}

/** The last that the reports say of each task's memory. */
function footprintsUpTo(player: Player, position: number): Map<number, FootprintPoint> {
  const last = new Map<number, FootprintPoint>();
  for (let at = 1; at <= position; at++) {
    for (const { footprints } of player.reportAt(at)?.commands ?? []) {
      for (const point of footprints) last.set(point.pid, point);
    }
  }
  return last;
}
