import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';

/** Fetches the heap that is in view, if one is. */
export async function showHeap(): Promise<void> {
  const pid = lab.heapShown;
  // A process that has ended has none; physical memory takes its place until one has.
  lab.heap = pid < 0 ? null : await engine.call('heap', pid);
}

/** Puts a process's heap where physical memory stands; −1 puts that back. From here on the script has no say in it. */
export async function chooseHeap(pid: number): Promise<void> {
  lab.heapChosen = true;
  lab.heapShown = pid;
  await showHeap();
}

/** Between physical memory and the heap of the process that acted last, or of the first that has one. */
export async function toggleHeap(): Promise<void> {
  const heaps = lab.snapshot?.heaps ?? [];
  if (lab.heap !== null) return chooseHeap(-1);
  const acting = lab.events.find(({ pid }) => heaps.includes(pid))?.pid ?? heaps[0];
  if (acting !== undefined) await chooseHeap(acting);
}
