import { lab } from '../stores/lab.svelte.ts';
import { engine } from './engine.ts';
import { operationsOn, targetOf } from './operations.ts';
import { typeCommand } from './type-command.ts';

/** Pointers whose free is offered. */
const FREES = 3;
/** A command stands in the console for so long before it is carried out: people learn how it is written. */
const READ_MS = 450;

/** What can be done with what is selected, at a place of the window in CSS pixels. */
export async function openMenu(x: number, y: number): Promise<void> {
  const { snapshot, selection } = lab;
  const target = snapshot === null ? null : targetOf(selection, snapshot);
  if (snapshot === null || target === null) return;
  const words = async (line: string): Promise<string[]> => {
    const text = `p${target.pid} ${line} `;
    return (await engine.call('complete', text, text.length)).map((way) => way.text);
  };
  const [children, regions, newPointers, pointers] = await Promise.all(['fork', 'mmap', 'malloc', 'free'].map(words));
  const names = {
    child: children?.[0] ?? 'p1',
    region: regions?.[0] ?? 'A',
    pointer: newPointers?.[0] ?? 'a',
    pointers: (pointers ?? []).slice(0, FREES),
  };
  const of = target.range === null ? `p${target.pid}` : (lab.inspection?.title ?? `p${target.pid} ${target.range}`);
  lab.menu = { x, y, of, operations: operationsOn(target, names, snapshot.machine.swap.total > 0) };
}

/** At the cell that is selected, or in the middle of the picture. */
export function openMenuByKey(): Promise<void> {
  const picture = document.querySelector('[data-testid="stage-canvas"]')?.getBoundingClientRect() ?? new DOMRect();
  const box = lab.selection === null ? null : window.faultlineView.boxOf(lab.selection);
  return box === null
    ? openMenu(picture.left + picture.width / 3, picture.top + picture.height / 4)
    : openMenu(picture.left + box.x + box.w, picture.top + box.y + box.h);
}

/** Writes a command into the console, where it can be read, and carries it out. */
export async function writeCommand(command: string): Promise<void> {
  lab.menu = null;
  lab.prompt = command;
  if (!lab.still) await new Promise((read) => setTimeout(read, READ_MS));
  // Somebody has begun to write something else.
  if (lab.prompt !== command) return;
  if (await typeCommand(command)) lab.prompt = '';
}
