import type { TextProblem } from '../text/problem.ts';
import { didYouMean } from '../text/nearest.ts';
import { visit, type Node, type Probe } from './ast.ts';
import {
  ERRNO_WORDS,
  FINDING_WORDS,
  HEAP_FIELDS,
  TASK_FIELDS,
  KNOWN_NAMES,
  LOOKUP_WORDS,
  PANIC_WORD,
  POINTER_WORDS,
  SIGNAL_WORDS,
  STATE_WORDS,
  WORDS,
  type WordType,
} from './names.ts';

/** What can be named where the expression stands. */
export interface CheckContext {
  readonly parameters: ReadonlySet<string>;
  /** Tasks that have been made by then; ended ones included. */
  readonly tasks: ReadonlySet<number>;
  /** Regions that have been named by then. */
  readonly regions: ReadonlySet<string>;
  /** Names of variables of the scenario's C programs. */
  readonly variables?: ReadonlySet<string>;
  /** Names of pointers that some task has by then. */
  readonly pointers?: ReadonlySet<string>;
}

/** Types of values. `result` is what a call returned: a number, ok or an errno. */
export type ExpressionType =
  | 'number'
  | 'boolean'
  | 'errno'
  | 'signal'
  | 'state'
  | 'lookup'
  | 'result'
  | 'word'
  | 'page'
  | 'task'
  | 'unknown'
  | WordType;

const SAID: Readonly<Record<ExpressionType, string>> = {
  number: 'a number',
  boolean: 'true or false',
  errno: 'an error number',
  signal: 'a signal',
  state: 'a state of a page',
  lookup: 'hit or miss',
  result: 'a return value',
  word: 'a word',
  page: 'a page',
  task: 'a task',
  unknown: 'unknown',
  life: 'the life of a chunk',
  place: 'the place of a block',
  holds: 'what a byte holds',
  reach: 'how a block is reached',
  finding: 'what was found',
};

/** Words that fit a measured value, and the value's remedy when another word is compared with it. */
const WORDS_OF: Partial<Record<ExpressionType, readonly string[]>> = {
  errno: [...ERRNO_WORDS, 'none'],
  signal: [...SIGNAL_WORDS, 'none'],
  state: STATE_WORDS,
  lookup: LOOKUP_WORDS,
  ...POINTER_WORDS,
  finding: FINDING_WORDS,
  result: [...ERRNO_WORDS, 'ok', PANIC_WORD],
};

export interface Checked {
  readonly type: ExpressionType;
  readonly problems: readonly TextProblem[];
}

/** Checks names and types before anything runs; reports every problem. */
export function checkExpression(root: Node, context: CheckContext): Checked {
  const problems: TextProblem[] = [];
  const report = (node: { start: number; end: number }, message: string, remedy: string): void => {
    problems.push({ start: node.start, end: node.end, message, remedy });
  };
  const type = typeOf(root);
  visit(root, (node) => {
    if (node.kind === 'probe') checkProbe(node, node.probe);
    if (node.kind === 'sameFrame') [node.a, node.b].forEach((probe) => checkProbe(node, probe));
    if (node.kind === 'stepTask') checkTask(node, node.task);
  });
  return { type, problems };

  function checkTask(node: Node, task: number): void {
    if (!context.tasks.has(task))
      report(node, `p${task} is never made before this step`, `fork it first: p0 fork p${task}`);
  }

  function checkProbe(node: Node, probe: Probe): void {
    if (probe.kind === 'machine' || probe.kind === 'secret') return;
    checkTask(node, probe.task);
    if (probe.kind === 'variable') return checkVariable(node, probe);
    const known = context.pointers?.has('name' in probe ? probe.name : '') === true;
    if (probe.kind === 'pointer' && !known) {
      const remedy = didYouMean(
        probe.name,
        context.pointers ?? [],
        `allocate it first: p${probe.task} malloc ${probe.name} 100`,
      );
      report(node, `${probe.name} is no pointer here`, remedy);
    }
    if (probe.kind === 'page' && !known && !context.regions.has(probe.name)) {
      const remedy = didYouMean(probe.name, context.regions, `map it first: p${probe.task} mmap ${probe.name} …`);
      report(node, `${probe.name} is no region here`, remedy);
    }
  }

  function checkVariable(node: Node, { task, path }: Probe & { kind: 'variable' }): void {
    const name = /^\w+/.exec(path)![0];
    if (context.variables?.has(name) === true) return;
    const fields = [...Object.keys(TASK_FIELDS), 'pss', 'brk', ...Object.keys(HEAP_FIELDS)];
    const known = [...fields, ...(context.variables ?? [])];
    const end = node.end;
    const message = path === name ? `a task has no ${path}` : `p${task} has no variable ${name}`;
    report({ start: end - path.length, end }, message, didYouMean(path, known, `use ${fields.join(', ')}`));
  }

  function typeOf(node: Node): ExpressionType {
    switch (node.kind) {
      case 'number':
        return 'number';
      case 'name':
        return nameType(node);
      case 'probe':
        return node.type;
      case 'sameFrame':
        return 'boolean';
      case 'step':
        return node.field === 'ret' ? 'result' : node.field === 'errno' ? 'errno' : 'number';
      case 'stepTask':
        return node.field === 'signal' ? 'signal' : 'number';
      case 'page':
      case 'task':
        return node.kind;
      case 'not':
        want(node.operand, 'boolean', 'not');
        return 'boolean';
      case 'and':
      case 'or':
        want(node.left, 'boolean', node.kind);
        want(node.right, 'boolean', node.kind);
        return 'boolean';
      case 'negate':
        want(node.operand, 'number', '-');
        return 'number';
      case 'arithmetic':
        want(node.left, 'number', node.operator);
        want(node.right, 'number', node.operator);
        return 'number';
      case 'compare':
        compared(node);
        return 'boolean';
    }
  }

  function nameType(node: Node & { kind: 'name' }): ExpressionType {
    if (context.parameters.has(node.name)) return 'number';
    if (WORDS.includes(node.name)) return 'word';
    const known = [...context.parameters, ...KNOWN_NAMES];
    const pageLike = context.regions.has(node.name) ? `name the page: p0:${node.name}+0` : null;
    report(
      node,
      `${node.name} is unknown`,
      pageLike ?? didYouMean(node.name, known, 'name a parameter or something measured'),
    );
    return 'unknown';
  }

  function want(node: Node, wanted: ExpressionType, operator: string): void {
    const found = typeOf(node);
    if (found === wanted || found === 'unknown') return;
    report(node, `${operator} wants ${SAID[wanted]}, this is ${SAID[found]}`, remedyFor(found, wanted));
  }

  function compared(node: Node & { kind: 'compare' }): void {
    const left = typeOf(node.left);
    const right = typeOf(node.right);
    if (left === 'unknown' || right === 'unknown') return;
    if (node.operator !== '==' && node.operator !== '!=') {
      for (const [side, type] of [[node.left, left] as const, [node.right, right] as const]) {
        if (type !== 'number')
          report(side, `${node.operator} wants a number, this is ${SAID[type]}`, 'compare it with == or !=');
      }
      return;
    }
    if (left === 'word' || right === 'word') wordCompared(node, left, right);
    else if (left === 'page' || right === 'page')
      report(node, 'pages are not compared with ==', 'write same_frame(p0:A+0, p1:A+0)');
    else if (left !== right && !numbers(left, right)) {
      report(node.right, `${SAID[right]} cannot equal ${SAID[left]}`, 'compare values of one kind');
    }
  }

  function wordCompared(node: Node & { kind: 'compare' }, left: ExpressionType, right: ExpressionType): void {
    if (left === 'word' && right === 'word') {
      report(node, 'both sides are fixed words', 'compare a word with something measured, such as errno');
      return;
    }
    const word = (left === 'word' ? node.left : node.right) as Node & { kind: 'name' };
    const measured = left === 'word' ? right : left;
    const fitting = WORDS_OF[measured];
    if (fitting === undefined)
      report(word, `${SAID[measured]} is never ${word.name}`, `compare it with ${SAID[measured]}`);
    else if (!fitting.includes(word.name)) {
      report(
        word,
        `${SAID[measured]} is never ${word.name}`,
        didYouMean(word.name, fitting, `use ${fitting.join(', ')}`),
      );
    }
  }
}

const numbers = (a: ExpressionType, b: ExpressionType): boolean =>
  (a === 'number' && b === 'result') || (a === 'result' && b === 'number');

function remedyFor(found: ExpressionType, wanted: ExpressionType): string {
  if (found === 'page') return 'measure the page: refcount(…), state(…), byte(…)';
  if (wanted === 'boolean') return 'compare it with something';
  return `write ${SAID[wanted]}`;
}
