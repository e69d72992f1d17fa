import { code } from '../stores/code.svelte.ts';
import { engine } from './engine.ts';
import { openScenario } from './open-scenario.ts';
import { programScenario } from './program-scenario.ts';

const NEW_PROGRAM = `#include <stdio.h>
#include <stdlib.h>

int main(void) {
  int *numbers = malloc(4 * sizeof *numbers);
  for (int i = 0; i < 4; i++)
    numbers[i] = i * i;
  printf("%d\\n", numbers[3]);
  free(numbers);
  return 0;
}
`;

/** The text on the screen, to be changed; what was typed before and not loaded is still there. */
export function editProgram(): void {
  const { source } = code;
  if (source === null) return newProgram();
  if (code.draft?.from !== source.text) code.draft = { file: `${source.name}.c`, text: source.text, from: source.text };
  startEditing();
}

export function newProgram(): void {
  if (code.draft === null || code.draft.from !== null) code.draft = { file: 'mine.c', text: NEW_PROGRAM, from: null };
  startEditing();
}

function startEditing(): void {
  code.problems = [];
  code.editing = true;
  code.shown = true;
}

/** Back to the program that runs; the text is kept. */
export function stopEditing(): void {
  code.editing = false;
  code.shown = code.sources.length > 0;
}

/** Puts the pane beside the processes, or takes it away; without a program it is a new one. */
export function toggleCode(): void {
  if (code.sources.length === 0 && !code.shown) newProgram();
  else code.shown = !code.shown;
}

/** @returns whether it is a program */
export async function check(): Promise<boolean> {
  const { draft } = code;
  if (draft === null) return false;
  const problems = await engine.call('checkProgram', draft.file, draft.text);
  if (code.draft?.text === draft.text) code.problems = problems;
  return problems.length === 0;
}

/** Compiles the text and loads it on a machine of its own; when it is no program, the lab stays as it was. */
export async function loadDraft(): Promise<void> {
  const { draft } = code;
  if (draft === null || !(await check())) return;
  if (await openScenario(programScenario(draft.file, draft.text), [], 1)) code.draft = null;
}
