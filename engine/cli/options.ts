import { didYouMean } from '../player/text/nearest.ts';

/** Options of a verb: a name is given with or without a value, some may be repeated. */
export type OptionTable = Readonly<Record<string, 'flag' | 'value' | 'values'>>;

export interface ParsedOptions {
  readonly flags: ReadonlySet<string>;
  /** Values by option, in the order given; the last one counts where one is wanted. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly files: readonly string[];
}

export type OptionsResult =
  { readonly ok: true; readonly options: ParsedOptions } | { readonly ok: false; readonly message: string };

/** Reads `--name`, `--name VALUE`, `--name=VALUE` and files in any order; behind `--` everything is a file. */
export function parseOptions(args: readonly string[], table: OptionTable): OptionsResult {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const files: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      files.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      files.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const kind = table[name];
    if (kind === undefined) {
      return refused(`${name} is no option; ${didYouMean(name, Object.keys(table), 'see --help')}`);
    }
    if (kind === 'flag') {
      if (equals >= 0) return refused(`${name} takes no value; write ${name} alone`);
      flags.add(name);
      continue;
    }
    const value = equals < 0 ? args[++i] : arg.slice(equals + 1);
    if (value === undefined) return refused(`${name} wants a value; write ${name} VALUE`);
    values.set(name, [...(kind === 'values' ? (values.get(name) ?? []) : []), value]);
  }
  return { ok: true, options: { flags, values, files } };
}

const refused = (message: string): OptionsResult => ({ ok: false, message });
