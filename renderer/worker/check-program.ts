import { compileC, Refusal } from '../../engine/c/index.ts';
import type { Problem } from '../../engine/protocol/player.ts';

/** What keeps a text from being a program of the lab: nothing, or the first thing, at its place. */
export function checkProgram(name: string, text: string): readonly Problem[] {
  try {
    compileC(name, text);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { place, message } = error;
    // What a header is to blame for is shown where the text begins.
    const { line, col } = place.file === name ? place : { line: 1, col: 1 };
    return [{ line, column: col, message, remedy: remedyOf(message) }];
  }
}

/** What to do about it. */
function remedyOf(message: string): string {
  if (message.includes('not in the lab’s C')) return 'write it without; the lab’s C is a part of C17';
  if (message.includes('no main')) return 'write int main(void) { … }';
  if (message.includes('library has none')) return 'define it, or use another function';
  if (message.includes('missing') || message.includes('expected')) return 'add what is missing, here or just before';
  if (message.includes('not declared') || message.includes('unknown'))
    return 'declare it above, or #include its header';
  return 'mend it here; everything else stays as it is';
}
