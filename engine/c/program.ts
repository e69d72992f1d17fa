import { link, type Image } from './compile/link.ts';
import { headerText } from './headers/headers.ts';
import { PREDEFINED } from './headers/predefined.ts';
import { libraryNumber } from './library/library.ts';
import { RUNTIME } from './library/runtime.ts';
import { parse } from './syntax/parser.ts';

/** What a program needs of its runtime whether or not it names it. */
const ROOTS = ['__start', '__restore', '__program_name', 'errno', 'stdout'];

/**
 * Compiles a C program with the lab's library.
 * @param file its name, as messages and __FILE__ show it
 * @param arraysPileUp a test's: arrays of variable length stay until the function returns
 * @throws Refusal at the first error, or the first thing outside the subset
 */
export function compileC(file: string, text: string, arraysPileUp = false): Image {
  const program = parse(file, text, headerText, PREDEFINED);
  const runtime = parse('<runtime>', RUNTIME, headerText, PREDEFINED);
  return link({
    units: [program, runtime],
    roots: ROOTS,
    numberOf: libraryNumber,
    start: { file, line: 1, col: 1 },
    arraysPileUp,
  });
}
