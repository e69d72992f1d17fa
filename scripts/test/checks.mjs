/** Runs types and linters one after the other. */
import { say } from '../lib/say.mjs';
import { add, NOTHING, single } from './counts.mjs';
import { runTool } from './tool.mjs';

/**
 * @param {typeof import('../checks/tools.mjs').LINT} tools
 * @returns {Promise<import('./counts.mjs').Counts>}
 */
export async function runChecks(tools, until) {
  let counts = NOTHING;
  for (const { name, from, command, args } of tools) {
    const status = await runTool(from, command, args, { until });
    say(`${name}: ${status === 0 ? 'ok' : 'failed'}`);
    counts = add(counts, single(status === 0));
  }
  return counts;
}
