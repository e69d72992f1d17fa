import * as v from 'valibot';
import type { TextProblem } from '../text/problem.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import type { YamlFile } from './read-yaml.ts';
import { FORMAT, KEYS, scenarioSchema, type ScenarioText } from './schema.ts';

type Path = (string | number)[];

/** What the schema makes of a file. */
export interface SchemaCheck {
  readonly problems: readonly TextProblem[];
  /** The text without what does not fit, so that the rest can be checked too; null when too little is left. */
  readonly text: ScenarioText | null;
  /** Offset from which on later findings may only follow from what was left out; Infinity when that is nothing. */
  readonly sureUpTo: number;
}

/** The file against the schema: the scenario's text, and everything that does not fit. */
export function checkSchema(file: YamlFile): SchemaCheck {
  const wrongFormat = formatProblem(file);
  if (wrongFormat !== null) return { problems: [wrongFormat], text: null, sureUpTo: 0 };
  const value = structuredClone(file.value);
  const problems: TextProblem[] = [];
  let sureUpTo = Infinity;
  for (;;) {
    const result = v.safeParse(scenarioSchema, value);
    if (result.success) return { problems, text: result.output, sureUpTo };
    const unknown = result.issues.filter(isUnknownKey);
    // valibot stops at the first unknown key of a table: take it away and look again
    const found = unknown.length > 0 ? unknown : result.issues;
    problems.push(...found.map((issue) => problemOf(file, issue)));
    for (const issue of unknown) sureUpTo = Math.min(sureUpTo, mend(file, value, pathOf(issue)));
    if (unknown.length > 0) continue;
    const left = found.map((issue) => leaveOut(value, pathOf(issue)));
    if (left.includes(null)) return { problems, text: null, sureUpTo: 0 };
    for (const cut of left) if (isBuiltOn(cut!)) sureUpTo = Math.min(sureUpTo, file.offsetOf(cut!));
  }
}

/** Depth of a step's own keys: chapters, number, steps, number, key. */
const STEP_KEY = 5;
/** Keys of the whole that the rest can be read without. */
const OPTIONAL: readonly unknown[] = ['summary', 'features', 'machine', 'parameters'];
/** What later steps build on: without it they may name things that nobody made. */
const BUILT_ON: readonly unknown[] = ['do', 'machine', 'parameters'];

/**
 * Takes what does not fit out of the value: a key of a step, of the machine, or of the whole.
 * @returns the path of what is left out now, or null where the rest means nothing without it
 */
function leaveOut(value: unknown, path: Path): Path | null {
  const depth = path[0] === 'chapters' ? STEP_KEY : path[0] === 'machine' && path.length > 1 ? 2 : 1;
  if (path.length < depth || (depth === 1 && !OPTIONAL.includes(path[0]))) return null;
  const cut = path.slice(0, depth);
  let table = value as Record<string | number, unknown>;
  for (const part of cut.slice(0, -1)) table = table[part] as Record<string | number, unknown>;
  delete table[cut.at(-1)!];
  return cut;
}

const isBuiltOn = (cut: Path): boolean => BUILT_ON.includes(cut.length === STEP_KEY ? cut.at(-1) : cut[0]);

function formatProblem(file: YamlFile): TextProblem | null {
  const { value } = file;
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
  const format = isTable ? (value as Record<string, unknown>)['format'] : undefined;
  if (!isTable || format === FORMAT) return null;
  const start = file.offsetOf(['format']);
  const message = format === undefined ? 'the format is missing' : `${String(format)} is no format that this lab reads`;
  const later = typeof format === 'string' && /^faultline\/\d+$/.test(format);
  const remedy = later ? `get a newer lab, or rewrite the file as ${FORMAT}` : `start with format: ${FORMAT}`;
  return { start, end: start, message, remedy };
}

type Issue = v.BaseIssue<unknown>;

const isUnknownKey = (issue: Issue): boolean => issue.type === 'strict_object' && issue.expected === 'never';
const pathOf = (issue: Issue): Path => (issue.path ?? []).map((item) => item.key as string | number);

function problemOf(file: YamlFile, issue: Issue): TextProblem {
  const path = pathOf(issue);
  const name = String(path.at(-1) ?? 'the file');
  if (isUnknownKey(issue)) {
    const start = file.offsetOf(path, 'key');
    return { start, end: start, message: `${name} is no key here`, remedy: didYouMean(name, KEYS, 'remove it') };
  }
  if (issue.received === 'undefined' && issue.type === 'strict_object') {
    const start = file.offsetOf(path.slice(0, -1));
    return { start, end: start, message: `${name} is missing`, remedy: `add ${name}: …` };
  }
  const keyItself = issue.path?.at(-1)?.origin === 'key';
  const start = file.offsetOf(path, keyItself ? 'key' : undefined);
  const [message = '', remedy = 'write another value'] = issue.message.split('\n');
  return { start, end: start, message: `${name}: ${message}`, remedy };
}

/** Keys that must be there: one that is misspelt is not missing too. */
const REQUIRED: readonly unknown[] = ['title', 'chapters', 'steps', 'kind', 'text', 'answer'];

/**
 * Takes an unknown key away, or gives it the required name that it most likely means.
 * @returns from which offset on later findings may only follow from this
 */
function mend(file: YamlFile, value: unknown, path: Path): number {
  let table = value as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) table = table[part] as Record<string | number, unknown>;
  const name = String(path.at(-1));
  const meant = nearest(name, KEYS);
  const required = meant !== null && REQUIRED.includes(meant) && !(meant in table);
  if (required) table[meant] = table[name];
  delete table[name];
  if (required) return 0;
  return BUILT_ON.includes(meant) || path[0] === 'machine' ? file.offsetOf(path, 'key') : Infinity;
}
