/**
 * How scripts talk: one line a fact, and failures that a person can act on instead of stack traces.
 */

/** An expected failure. Its message is one line that says what is wrong and what to do. */
export class Failure extends Error {}

/** Prints one line about what the script does. */
export function say(line) {
  console.log(`faultline: ${line}`);
}

/**
 * Runs a script's main function. A Failure ends the process with its one line and status 1; anything else is a bug
 * and keeps its stack.
 */
export async function runScript(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof Failure ? `faultline: ${error.message}` : error);
    process.exitCode = 1;
  }
}

/** The first line of anything thrown: for messages that quote a cause. */
export function firstLine(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n', 1)[0];
}
