import { MAX_TASKS } from '../../base/limits.ts';
import { parseQuantity } from '../commands/quantity.ts';
import type { Parsed } from '../text/problem.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Arithmetic, Comparison, Node, PageRef, Probe } from './ast.ts';
import { callNode } from './call.ts';
import {
  FUNCTIONS,
  HEAP_FIELDS,
  MACHINE_FIELDS,
  STEP_FIELDS,
  TASK_FIELDS,
  type FunctionName,
  type HeapField,
  type MachineField,
  type StepField,
  type TaskField,
} from './names.ts';
import { fromDecimal } from './rational.ts';
import { ExpressionProblem, refuse } from './refuse.ts';
import { tokensOf, type Token } from './tokens.ts';

/** Deepest nesting: an expression is a line, and the stack of the host must hold. */
const MAX_DEPTH = 100;
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

/** Reads one expression. Names that are neither measured nor words stay names; the checker knows the parameters. */
export function parseExpression(text: string): Parsed<Node> {
  const { tokens, problem } = tokensOf(text);
  if (problem !== null) return { ok: false, problems: [problem] };
  try {
    return { ok: true, value: new Parser(tokens).whole() };
  } catch (error) {
    if (error instanceof ExpressionProblem) return { ok: false, problems: [error.problem] };
    throw error;
  }
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Node {
    const node = this.or();
    const next = this.token;
    if (next.kind !== 'end') refuse(next, `${next.text} cannot stand here`, 'put an operator between two values');
    return node;
  }

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private is(text: string): boolean {
    return this.token.text === text && (this.token.kind === 'operator' || this.token.kind === 'name');
  }

  private take(): Token {
    return this.tokens[this.at++]!;
  }

  private or(): Node {
    if (++this.depth > MAX_DEPTH)
      refuse(this.token, 'the expression is nested too deeply', 'split it in several claims');
    let left = this.and();
    while (this.is('or')) {
      this.take();
      left = joined('or', left, this.and());
    }
    this.depth--;
    return left;
  }

  private and(): Node {
    let left = this.not();
    while (this.is('and')) {
      this.take();
      left = joined('and', left, this.not());
    }
    return left;
  }

  private not(): Node {
    if (!this.is('not')) return this.comparison();
    if (++this.depth > MAX_DEPTH)
      refuse(this.token, 'the expression is nested too deeply', 'split it in several claims');
    const { start } = this.take();
    const operand = this.not();
    this.depth--;
    return { kind: 'not', operand, start, end: operand.end };
  }

  private comparison(): Node {
    const left = this.sum();
    if (!COMPARISONS.includes(this.token.text)) return left;
    const operator = this.take().text as Comparison;
    const right = this.sum();
    if (COMPARISONS.includes(this.token.text)) {
      refuse(this.token, 'a second comparison cannot follow the first', 'join two comparisons with and');
    }
    return { kind: 'compare', operator, left, right, start: left.start, end: right.end };
  }

  private sum(): Node {
    let left = this.product();
    while (this.is('+') || this.is('-')) left = arithmetic(this.take(), left, this.product());
    return left;
  }

  private product(): Node {
    let left = this.sign();
    while (this.is('*') || this.is('/')) left = arithmetic(this.take(), left, this.sign());
    return left;
  }

  private sign(): Node {
    if (!this.is('-')) return this.primary();
    if (++this.depth > MAX_DEPTH)
      refuse(this.token, 'the expression is nested too deeply', 'split it in several claims');
    const { start } = this.take();
    const operand = this.sign();
    this.depth--;
    return { kind: 'negate', operand, start, end: operand.end };
  }

  private primary(): Node {
    const token = this.take();
    const { start, end } = token;
    if (token.kind === 'number') return { kind: 'number', value: fromDecimal(token.text), start, end };
    if (token.kind === 'page') return { kind: 'page', page: pageOf(token), start, end };
    if (token.text === '*' || token.text === '&') return pointed(token, this.primary());
    if (token.kind === 'variable') return variableNode(token);
    if (token.kind === 'name') return this.is('(') ? this.call(token) : nameNode(token);
    if (token.text === '(') {
      const inner = this.or();
      this.close(token);
      return inner;
    }
    this.at--;
    return refuse(token, `a value is missing before ${token.text}`, 'write a number, a name or a page such as p0:A+2');
  }

  private call(name: Token): Node {
    const open = this.take();
    const args: Node[] = [];
    if (!this.is(')')) {
      args.push(this.or());
      while (this.is(',')) {
        this.take();
        args.push(this.or());
      }
    }
    const end = this.close(open);
    const before = name.text.startsWith('before.');
    const bare = before ? name.text.slice('before.'.length) : name.text;
    if (!(bare in FUNCTIONS)) {
      const known = Object.keys(FUNCTIONS);
      refuse(name, `${bare} is no function`, didYouMean(bare, known, `use ${known.join(', ')}`));
    }
    return callNode({ name: bare as FunctionName, start: name.start, end }, name, args, before);
  }

  private close(open: Token): number {
    if (this.is(')')) return this.take().end;
    return refuse(this.token, `the parenthesis opened at column ${open.start + 1} is not closed`, 'write )');
  }
}

const joined = (kind: 'and' | 'or', left: Node, right: Node): Node => ({
  kind,
  left,
  right,
  start: left.start,
  end: right.end,
});

const arithmetic = (operator: Token, left: Node, right: Node): Node => ({
  kind: 'arithmetic',
  operator: operator.text as Arithmetic,
  left,
  right,
  start: left.start,
  end: right.end,
});

function pageOf({ text, start, end }: Token): PageRef {
  const before = text.startsWith('before.');
  const [task = '', place = ''] = text.slice(before ? 'before.'.length : 0).split(':');
  const plus = place.indexOf('+');
  const name = plus < 0 ? place : place.slice(0, plus);
  const offset = plus < 0 ? { bytes: 0, ramPercent: 0 } : parseQuantity(place.slice(plus + 1));
  if (offset === null) return refuse({ start, end }, `${text} is too far`, 'write a smaller offset');
  return { task: taskOf(task, { start, end }), name, offset, before, start, end };
}

function taskOf(text: string, place: { start: number; end: number }): number {
  const task = Number(text.slice(1));
  return task < MAX_TASKS ? task : refuse(place, `${text} is no task`, `write p0 … p${MAX_TASKS - 1}`);
}

const isStepField = (name: string): name is StepField => (STEP_FIELDS as readonly string[]).includes(name);

/** A name outside a call: a task, a path, a measure of the step, else a word or parameter for the checker. */
function nameNode(token: Token): Node {
  const { start, end } = token;
  const before = token.text.startsWith('before.');
  const name = before ? token.text.slice('before.'.length) : token.text;
  const [head = '', field] = name.split('.');
  if (/^p\d+$/.test(head)) {
    const task = taskOf(head, token);
    if (field === undefined) return { kind: 'task', task, start, end };
    return taskField(task, name.slice(head.length + 1), before, token);
  }
  if (name === 'secret.frames' || name === 'secret.slots' || name === 'secret.bytes') {
    const of = name === 'secret.frames' ? 'frame' : name === 'secret.slots' ? 'slot' : 'byte';
    const probe: Probe = { kind: 'secret', of };
    return { kind: 'probe', probe, before, type: 'number', start, end };
  }
  if (name in MACHINE_FIELDS) {
    return {
      kind: 'probe',
      probe: { kind: 'machine', field: name as MachineField },
      before,
      type: 'number',
      start,
      end,
    };
  }
  if (before) {
    const stepOnly = isStepField(name);
    const remedy = stepOnly
      ? `write ${name} alone`
      : didYouMean(name, Object.keys(MACHINE_FIELDS), 'name a path such as frames.used');
    refuse(token, stepOnly ? `${name} belongs to this step and has no before` : `${name} is unknown`, remedy);
  }
  if (isStepField(name)) return { kind: 'step', field: name, start, end };
  if (name in FUNCTIONS) refuse(token, `${name} is a function`, `write ${name}(…)`);
  return { kind: 'name', name, start, end };
}

/** `p0.rss` is a measure of the task; `p0.x`, `p0.s.a[2]`, `p0.p->next` are variables of its program. */
function variableNode(token: Token): Node {
  const before = token.text.startsWith('before.');
  const text = before ? token.text.slice('before.'.length) : token.text;
  const dot = text.indexOf('.');
  const path = text.slice(dot + 1);
  if (isTaskField(path)) return nameNode(token);
  const { start, end } = token;
  const task = taskOf(text.slice(0, dot), token);
  const probe: Probe = { kind: 'variable', task, path, derefs: 0, what: 'value' };
  return { kind: 'probe', probe, before, type: 'number', start, end };
}

/** `*p0.p`, `&p0.x` */
function pointed(operator: Token, node: Node): Node {
  const { start } = operator;
  if (node.kind !== 'probe' || node.probe.kind !== 'variable' || node.probe.what !== 'value')
    return refuse(operator, `${operator.text} wants a variable behind it`, 'write it before one such as p0.p');
  const probe: Probe =
    operator.text === '*' ? { ...node.probe, derefs: node.probe.derefs + 1 } : { ...node.probe, what: 'address' };
  return { ...node, probe, start };
}

const isTaskField = (field: string): boolean =>
  field in TASK_FIELDS || field === 'pss' || field === 'brk' || field in HEAP_FIELDS;

function taskField(task: number, field: string, before: boolean, token: Token): Node {
  const known = [...Object.keys(TASK_FIELDS), 'pss', 'brk', ...Object.keys(HEAP_FIELDS)];
  if (!known.includes(field)) {
    const place = { start: token.end - field.length, end: token.end };
    refuse(place, `a task has no ${field}`, didYouMean(field, known, `use ${known.join(', ')}`));
  }
  const { start, end } = token;
  return {
    kind: 'probe',
    probe: taskProbe(task, field),
    before,
    type: 'number',
    start,
    end,
  };
}

function taskProbe(task: number, field: string): Probe {
  if (field === 'brk') return { kind: 'break', task };
  if (field in HEAP_FIELDS) return { kind: 'heap', task, field: field as HeapField };
  return { kind: 'task', task, field: field as TaskField };
}
