import * as v from 'valibot';
import type { TextProblem } from '../text/problem.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import type { YamlFile } from './read-yaml.ts';
import { FORMAT, KEYS, scenarioSchema, type ScenarioText } from './schema.ts';

type Path = (string | number)[];

/** The file against the schema: the scenario's text, or everything that does not fit. */
export function checkSchema(file: YamlFile): ScenarioText | TextProblem[] {
  const wrongFormat = formatProblem(file);
  if (wrongFormat !== null) return [wrongFormat];
  const value = structuredClone(file.value);
  const problems: TextProblem[] = [];
  for (;;) {
    const result = v.safeParse(scenarioSchema, value);
    if (result.success) return problems.length > 0 ? problems : result.output;
    const unknown = result.issues.filter(isUnknownKey);
    // valibot stops at the first unknown key of a table: take it away and look again
    const found = unknown.length > 0 ? unknown : result.issues;
    problems.push(...found.map((issue) => problemOf(file, issue)));
    if (unknown.length === 0) return problems;
    for (const issue of unknown) mend(value, pathOf(issue));
  }
}

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

/** Takes an unknown key away, or gives it the name it most likely means, so that this is not reported as missing too. */
function mend(value: unknown, path: Path): void {
  let table = value as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) table = table[part] as Record<string | number, unknown>;
  const name = String(path.at(-1));
  const meant = nearest(name, KEYS);
  if (meant !== null && !(meant in table)) table[meant] = table[name];
  delete table[name];
}
