import { compiledPrograms, variableNames } from '../../kernel/index.ts';
import { Refusal } from '../../c/index.ts';
import type { ProgramText } from '../../protocol/commands.ts';
import type { RunOptions } from './compile-scenario.ts';
import type { FileReader } from './file-reader.ts';
import type { ScenarioText } from './schema.ts';

const FILE_NAME = /^[\w.-]+\.c$/;

/** The C programs of a scenario, each compiled once to see that it can be: in the file itself, or beside it. */
export function programsOf(text: ScenarioText, reader: FileReader, run: RunOptions): ProgramText[] {
  return Object.keys(text.programs ?? {}).flatMap((name) => {
    const placed = reader.raw(['programs', name]);
    const beside = FILE_NAME.test(placed.text) ? placed.text : null;
    const source = beside === null ? placed.text : (run.files?.(beside) ?? null);
    if (source === null) {
      reader.report(
        ['programs', name],
        `${beside} is not beside the scenario`,
        'put it there, or write the text behind |',
      );
      return [];
    }
    const program = { name, text: source };
    const refused = refusal(program);
    if (refused === null) return [program];
    const { place, message } = refused;
    if (beside !== null) {
      const where = `${beside}:${place.line}:${place.col}: ${message}`;
      reader.report(['programs', name], where, 'mend the program');
    } else {
      const start = offsetOf(source, place.line, place.col);
      reader.reportIn(placed, [{ start, end: start, message, remedy: 'mend the program' }]);
    }
    return [];
  });
}

function refusal(program: ProgramText): Refusal | null {
  try {
    compiledPrograms([program]);
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return Math.min(text.length, before + column - 1);
}

/** Names that claims about programs may begin with. */
export const variablesOf = (programs: readonly ProgramText[]): ReadonlySet<string> =>
  new Set(compiledPrograms(programs).flatMap(({ image }) => [...variableNames(image)]));
