import type { LabState } from '../../engine/protocol/worker.ts';
import { code } from '../stores/code.svelte.ts';
import { engine } from './engine.ts';

/** A scenario with C programs shows them; one without has no pane. */
export async function openCode(): Promise<void> {
  code.sources = await engine.call('sources');
  code.shown = code.sources.length > 0;
  code.editing = false;
  code.pid = -1;
  code.look = null;
  code.open = [];
  code.bytes = null;
}

/** Behind each step: the program of the task that ran in it, or of the one that was looked at. */
export async function showPrograms({ programs }: Pick<LabState, 'programs'>): Promise<void> {
  code.tasks = programs;
  const acting = programs.filter(({ acted }) => acted);
  const stays = acting.length === 0 || acting.some(({ pid }) => pid === code.pid);
  if (!stays) code.pid = acting[0]!.pid;
  if (!programs.some(({ pid }) => pid === code.pid)) code.pid = programs[0]?.pid ?? -1;
  await lookAgain();
}

export async function lookAt(pid: number): Promise<void> {
  code.pid = pid;
  code.bytes = null;
  await lookAgain();
}

/** Parts of a struct, an array or what a pointer leads to. */
export async function unfold(key: string): Promise<void> {
  code.open = code.open.includes(key) ? code.open.filter((each) => each !== key) : [...code.open, key];
  await lookAgain();
}

export async function showBytes(key: string | null): Promise<void> {
  code.bytes = key;
  await lookAgain();
}

async function lookAgain(): Promise<void> {
  const { pid, open, bytes } = code;
  const look = pid < 0 ? null : await engine.call('program', { pid, open: [...open], bytes });
  // Another question may have been asked meanwhile.
  if (code.pid === pid) code.look = look;
}
