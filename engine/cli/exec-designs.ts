import { DESIGN_NAMES, DesignRun, type DesignName } from '../malloc/designs/index.ts';
import { attempt } from '../malloc/index.ts';
import type { MallocCommand } from '../player/commands/parse-malloc-command.ts';
import type { MallocScriptCommand, ParsedMallocScript } from '../player/commands/parse-malloc.ts';
import { GLIBC_CALLS } from '../protocol/library-calls.ts';
import { parsePages } from '../player/scenario/size.ts';
import { didYouMean } from '../player/text/nearest.ts';
import type { TextProblem } from '../player/text/problem.ts';
import { stepDesign, type DesignCell } from './design-step.ts';
import { figureTable, stepRow } from './design-table.ts';
import { died, readMallocScripts } from './exec-malloc.ts';
import type { ExitCode, Io } from './io.ts';
import type { OptionTable, ParsedOptions } from './options.ts';
import { unusable } from './run.ts';

export const DESIGN_FLAGS: OptionTable = { '--design': 'value', '--capacity': 'value' };

/** Whether exec is asked for a comparison of allocators. */
export const isComparison = ({ values }: ParsedOptions): boolean => values.has('--design') || values.has('--capacity');

/** What glibc alone can do, and what would ask for its headers. */
const GLIBC_ONLY: readonly MallocCommand['op'][] = [...GLIBC_CALLS, 'null', 'store', 'prev'];
const PAGE = 4096;

/** `faultline exec --malloc --design D,…`: the same malloc script on several allocators, side by side. */
export async function execDesigns({ flags, values, files }: ParsedOptions, io: Io): Promise<ExitCode> {
  const names = values.get('--design')?.at(-1);
  if (!flags.has('--malloc') || names === undefined) {
    return unusable(io, 'exec', '--design and --capacity are for malloc scripts; write exec --malloc --design all');
  }
  const designs = names === 'all' ? [...DESIGN_NAMES] : names.split(',');
  for (const name of designs) {
    if (isDesign(name)) continue;
    const remedy = didYouMean(name, DESIGN_NAMES, `use all, or some of ${DESIGN_NAMES.join(',')}`);
    return unusable(io, 'exec', `--design ${name} is no allocator; ${remedy}`);
  }
  const size = values.get('--capacity')?.at(-1);
  const pages = size === undefined ? Infinity : parsePages(size);
  if (pages === null) {
    return unusable(io, 'exec', `--capacity ${size} is no size; write pages such as 16, or 64K, 1M`);
  }
  const scripts = await readMallocScripts(files.length === 0 ? ['-'] : files, io, problemsOf);
  if (scripts === null) return 2;
  for (const script of scripts) compare(script, designs.filter(isDesign), pages * PAGE, flags.has('--json'), io);
  return 0;
}

const isDesign = (name: string): name is DesignName => (DESIGN_NAMES as readonly string[]).includes(name);

/** Commands that not every design has, and an environment that only glibc would read. */
function problemsOf({ commands }: ParsedMallocScript): TextProblem[] {
  return commands
    .filter(({ command }) => GLIBC_ONLY.includes(command.op))
    .map(({ command, start }) => ({
      start,
      end: start + command.op.length,
      message: `${command.op} is glibc's alone`,
      remedy: 'leave it out, or run the script without --design',
    }));
}

function compare(script: ParsedMallocScript, designs: readonly DesignName[], capacity: number, json: boolean, io: Io) {
  const runs = designs.map((design) => ({ run: new DesignRun(design, capacity), stop: null as string | null }));
  if (!json) io.out(`${stepRow('step', 'request', designs)}\n`);
  script.commands.forEach(({ command, text }: MallocScriptCommand, i) => {
    const cells = runs.map((one): DesignCell => {
      if (one.stop !== null) return {};
      const done = attempt(() => stepDesign(one.run, command));
      if (done.ok) return done.value;
      const { how, stderr } = died(done.stop);
      one.stop = how;
      return { died: how, ...(stderr === '' ? {} : { stderr: stderr.trimEnd() }) };
    });
    if (json) {
      const answers = Object.fromEntries(designs.map((design, at) => [design, cells[at]]));
      io.out(`${JSON.stringify({ step: i + 1, op: text, designs: answers })}\n`);
    } else {
      io.out(`${stepRow(`${i + 1}`, text, cells.map(cellText))}\n`);
    }
  });
  const results = runs.map(({ run, stop }) => ({
    design: run.design,
    ...run.figures(),
    ...(stop === null ? {} : { died: stop }),
  }));
  if (json) for (const result of results) io.out(`${JSON.stringify(result)}\n`);
  else io.out(`\n${figureTable(results)}`);
}

/** What stands in a column: a place, a value, or how it ended. */
function cellText(cell: DesignCell): string {
  const { died: how, at, errno, usable, bytes, raw } = cell;
  if (how !== undefined) return how;
  if (at !== undefined) return at === null ? (errno ?? 'NULL') : `${at}`;
  if (bytes !== undefined) return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return raw ?? `${usable ?? ''}`;
}
