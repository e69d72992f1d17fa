import { isAlias, isMap, isScalar, isSeq, parseDocument, visit, type Node, type Pair } from 'yaml';
import { MAX_SCENARIO_CHARS } from '../../base/limits.ts';
import type { TextProblem } from '../text/problem.ts';

/** A YAML text as values, with the way back to where each value stands. */
export interface YamlFile {
  readonly source: string;
  readonly value: unknown;
  /** Node of the value at a path, or null; `key` asks for the key's node instead. */
  nodeAt(path: readonly (string | number)[], key?: 'key'): Node | null;
  /** Offset of the value at a path, or of the nearest thing around it. */
  offsetOf(path: readonly (string | number)[], key?: 'key'): number;
}

export type YamlRead =
  { readonly ok: true; readonly file: YamlFile } | { readonly ok: false; readonly problems: readonly TextProblem[] };

const REMEDIES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'remove one of the two',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'line it up with the lines around it',
  MISSING_CHAR: 'add what is missing, or put the value in quotes',
  MULTILINE_IMPLICIT_KEY: 'close the quote or the bracket, or put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put the value in quotes: it holds a colon',
  UNEXPECTED_TOKEN: 'remove it, or put the value in quotes',
  MULTIPLE_DOCS: 'keep one document in a file',
  TAG_RESOLVE_FAILED: 'remove the tag',
};

const refused = (problems: readonly TextProblem[]): YamlRead => ({ ok: false, problems });
const problem = (start: number, message: string, remedy: string): TextProblem => ({
  start,
  end: start,
  message,
  remedy,
});

const TOO_DEEP = problem(0, 'the file is nested too deeply', 'remove brackets');

/** One slip makes YAML complain many times over. */
const onePerPlace = (problems: readonly TextProblem[]): TextProblem[] =>
  problems.filter((p, i) => problems.findIndex((other) => other.start === p.start) === i);

/** Reads a YAML text; aliases are refused, so that a small file cannot stand for a huge one. */
export function readYaml(source: string): YamlRead {
  if (source.length > MAX_SCENARIO_CHARS) {
    return refused([
      problem(0, `the file is longer than ${MAX_SCENARIO_CHARS} characters`, 'split it into several scenarios'),
    ]);
  }
  let document;
  try {
    document = parseDocument(source, { prettyErrors: false, stringKeys: true });
  } catch (error) {
    // the YAML library follows nesting by recursion
    if (error instanceof RangeError) return refused([TOO_DEEP]);
    throw error;
  }
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.some((e) => e.message.includes('call stack'))) return refused([TOO_DEEP]);
  const found = onePerPlace(
    syntax.map((e) =>
      problem(e.pos[0], `this is no YAML: ${firstLine(e.message)}`, REMEDIES[e.code] ?? 'mend the YAML here'),
    ),
  );
  visit(document, (_, node) => {
    if (isAlias(node)) {
      found.push(problem(node.range?.[0] ?? 0, `*${node.source} is an alias`, 'write the value out'));
    }
  });
  if (found.length > 0) return refused(found);

  const root = document.contents as Node | null;
  const nodeAt: YamlFile['nodeAt'] = (path, key) => find(root, path, key === 'key');
  const file: YamlFile = {
    source,
    value: document.toJS(),
    nodeAt,
    offsetOf(path, key) {
      for (let length = path.length; length >= 0; length--) {
        const node = nodeAt(path.slice(0, length), length === path.length ? key : undefined);
        if (node?.range != null) return node.range[0];
      }
      return 0;
    },
  };
  return { ok: true, file };
}

const firstLine = (message: string): string => message.split('\n')[0]!.replace(/[.;:]+$/, '');

function find(root: Node | null, path: readonly (string | number)[], key: boolean): Node | null {
  let node: Node | null = root;
  for (const [depth, part] of path.entries()) {
    if (isSeq(node)) {
      node = (node.items[Number(part)] as Node | undefined) ?? null;
    } else if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (pair === undefined) return null;
      if (key && depth === path.length - 1) return pair.key as Node;
      // `key:` without a value: the place of the key is the nearest
      node = (pair.value ?? pair.key) as Node;
    } else return null;
  }
  return node;
}
