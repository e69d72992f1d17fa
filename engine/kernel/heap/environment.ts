import { allocRow, isLive } from '../../base/table.ts';
import type { KernelState } from '../state.ts';
import { loadText, storeText, VARIABLE_BYTES } from './tables.ts';

/** The environment that the allocator reads when it is first called; every process has it from p0. */
export function environmentOf(k: KernelState): ReadonlyMap<string, string> {
  const { environment } = k.heapTables;
  const variables = new Map<string, string>();
  // Without its checks the debugging library is the ordinary one.
  if (k.rules.heapIsNeverChecked) return variables;
  for (let row = 0; row < environment.rows; row++) {
    variables.set(
      loadText(environment.name, row, VARIABLE_BYTES.name),
      loadText(environment.value, row, VARIABLE_BYTES.value),
    );
  }
  return variables;
}

/** Sets a variable, for programs that have not called their allocator yet. */
export function setVariable(k: KernelState, name: string, value: string): void {
  const { environment } = k.heapTables;
  let row = 0;
  while (isLive(environment, row) && loadText(environment.name, row, VARIABLE_BYTES.name) !== name) row++;
  if (!isLive(environment, row)) row = allocRow(environment);
  storeText(environment.name, row, VARIABLE_BYTES.name, name);
  storeText(environment.value, row, VARIABLE_BYTES.value, value);
}

/** Why a variable cannot be set now, or null: a program reads its environment at its start. */
export function whyNotVariable(k: KernelState, name: string, value: string): string | null {
  if (name.length > VARIABLE_BYTES.name || value.length > VARIABLE_BYTES.value) return 'that variable is too long';
  if (!/^[\x21-\x7e]+$/.test(name) || !/^[\x20-\x7e]*$/.test(value)) return 'only ASCII fits a variable here';
  return k.heapTables.allocators.liveRows > 0
    ? 'the program runs already: it read its environment when it started'
    : null;
}
