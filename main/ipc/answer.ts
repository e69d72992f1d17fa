import * as v from 'valibot';
import type { Reply } from '../../engine/protocol/window-api.ts';
import { fail } from '../files/reply.ts';

/**
 * One question from arrival to reply. Whatever happens, the window gets a Reply and never an exception: Electron would
 * hand it over as a text that no code can act on.
 * @param trusted whether the sender check passed
 */
export async function answer<A extends unknown[], T>(
  question: string,
  trusted: boolean,
  schema: v.GenericSchema<unknown, A>,
  handler: (...args: A) => Promise<Reply<T>>,
  args: unknown[],
): Promise<Reply<T>> {
  if (!trusted) return fail('refused', `${question}: only the lab's own page may ask.`);
  const parsed = v.safeParse(schema, args, { abortEarly: true });
  if (!parsed.success) return fail('refused', `${question}: ${describe(parsed.issues[0])}`);
  try {
    return await handler(...parsed.output);
  } catch (error) {
    console.error(`faultline: ${question}:`, error);
    return fail('failed', `${question} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where in the arguments, and what was expected there. The received value is not repeated: it may be a megabyte. */
function describe(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue) ?? 'arguments';
  return `${where} must be ${issue.expected ?? `valid (${issue.type})`}.`;
}
