import type { Found } from '../../engine/protocol/find.ts';
import { select } from './select.ts';
import { seek } from './step.ts';

/** Goes to something found: its step, and the place that it is about. */
export async function goToFound({ step, selection }: Found): Promise<void> {
  if (step !== null) await seek(step);
  if (selection !== null) await select(selection);
}
