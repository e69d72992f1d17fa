import { link } from '../compile/link.ts';
import { SP } from '../cpu/isa.ts';
import { parse } from '../syntax/parser.ts';
import { PREDEFINED } from '../headers/predefined.ts';
import { startAt } from './flat-pager.ts';

const NAMES = ['out', 'outd', 'done'];

/**
 * Compiles a program and runs its main over flat memory. It may call `void out(long)` and `void outd(double)`.
 * @returns what it put out, one a line, and the result of main
 */
export function runFlat(text: string, limit = 50_000_000): { lines: string[]; result: number; instructions: number } {
  const declared = 'void out(long); void outd(double); void done(void);\n';
  const program = parse(
    'test.c',
    declared + text + '\nvoid start(void) { out(main()); done(); }\n',
    () => null,
    PREDEFINED,
  );
  const numberOf = (name: string): number | null => (NAMES.includes(name) ? NAMES.indexOf(name) : null);
  const image = link({ units: [program], roots: [], numberOf, start: { file: 'test.c', line: 1, col: 1 } });
  const cpu = startAt(image, 'start', 0);
  const lines: string[] = [];
  let ended = false;
  cpu.library = (number) => {
    cpu.pc += 8;
    const at = cpu.number(SP) + 8;
    const raw = new DataView(cpu.read(at, 8).buffer);
    if (number === 0) lines.push(`${raw.getBigInt64(0, true)}`);
    else if (number === 1) lines.push(Object.is(raw.getFloat64(0, true), -0) ? 'd-0' : `d${raw.getFloat64(0, true)}`);
    else {
      ended = true;
      cpu.left = 0;
    }
  };
  const instructions = cpu.run(limit);
  if (!ended) throw new Error('the program did not end');
  return { lines: lines.slice(0, -1), result: Number(lines.at(-1)), instructions };
}
