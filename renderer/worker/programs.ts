import {
  linesWithCode,
  lookAtProgram,
  lookBack,
  runningPrograms,
  type KernelState,
} from '../../engine/kernel/index.ts';
import type { Player } from '../../engine/player/player.ts';
import type {
  ProgramLook,
  ProgramQuestion,
  ProgramSource,
  ProgramTask,
  ProgramTrail,
} from '../../engine/protocol/program-look.ts';

/** The texts of the machine's programs. */
export const sourcesOf = (k: KernelState): ProgramSource[] =>
  k.images.map(({ name, text, image }) => ({ name, text, stops: linesWithCode(image) }));

/** Tasks with a C program where the player is, those that have ended behind the others. */
export function programsAt(player: Player): ProgramTask[] {
  const k = player.kernel!;
  if (k.images.length === 0) return [];
  const running: readonly number[] = runningPrograms(k);
  const known = new Map<number, number>();
  for (let at = 1; at <= player.view().position; at++) {
    for (const { pid, image } of player.trailsAt(at)) if (image >= 0) known.set(pid, image);
  }
  for (const pid of running) known.set(pid, k.programs.processes.image[pid]! - 1);
  const acted = new Set(player.trailsAt(player.view().position).flatMap(({ pid, last }) => (last > 0 ? [pid] : [])));
  const tasks = [...known].map(([pid, image]) => {
    return { pid, name: k.images[image]!.name, alive: running.includes(pid), acted: acted.has(pid) };
  });
  return tasks.sort((a, b) => Number(b.alive) - Number(a.alive) || a.pid - b.pid);
}

/** A task's program where the player is; of one that has ended, what is left to say. null for a task that never ran one. */
export function lookAtPosition(player: Player, question: ProgramQuestion): ProgramLook | null {
  const k = player.kernel;
  if (k === null) return null;
  const trails = trailsOf(player, question.pid);
  const { position } = player.view();
  const trail = player.trailsAt(position).find(({ pid }) => pid === question.pid) ?? null;
  const ran = linesRun(trails);
  const alive = lookAtProgram(k, question, trail, ran);
  if (alive !== null) return alive;
  const last = trails[0];
  if (last === undefined || last.image < 0) return null;
  return lookBack(k, trail === null ? { ...last, events: [] } : last, ran);
}

/** What each step up to here did to the program that the task runs, or ran at last; the last step first. */
function trailsOf(player: Player, pid: number): ProgramTrail[] {
  const found: ProgramTrail[] = [];
  const running = player.kernel!.programs.processes;
  let image = pid < running.rows ? running.image[pid]! - 1 : -1;
  for (let at = player.view().position; at > 0; at--) {
    const trail = player.trailsAt(at).find((each) => each.pid === pid);
    if (trail === undefined) continue;
    if (image < 0) image = trail.image;
    // Another program, or another task of the same number.
    if (trail.image !== image || (trail.ended && found.length > 0)) break;
    found.push(trail);
  }
  return found;
}

const linesRun = (trails: readonly ProgramTrail[]): number[] =>
  [...new Set(trails.flatMap(({ lines }) => lines))].sort((a, b) => a - b);
