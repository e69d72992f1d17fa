import { link, type Image, type SecretComment } from './compile/link.ts';
import { headerText } from './headers/headers.ts';
import { PREDEFINED } from './headers/predefined.ts';
import { libraryNumber } from './library/library.ts';
import { RUNTIME } from './library/runtime.ts';
import { parse } from './syntax/parser.ts';

/** What a program needs of its runtime whether or not it names it. */
const ROOTS = ['__start', '__restore', '__program_name', 'errno', 'stdout'];

const SECRET = /\/\/ *faultline: *secret +([A-Za-z_][\w.>[\]-]*)(?: +(\d{1,5}))?/;

function secretComments(text: string): SecretComment[] {
  return text.split('\n').flatMap((line, i) => {
    const match = SECRET.exec(line);
    if (match === null) return [];
    return [{ line: i + 1, name: match[1]!, bytes: match[2] === undefined ? null : Number(match[2]) }];
  });
}

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
    secrets: secretComments(text),
  });
}
