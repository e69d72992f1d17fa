import type { Parsed } from '../text/problem.ts';
import { visit, type Node, type Probe } from './ast.ts';
import { checkExpression, type CheckContext, type ExpressionType } from './check-expression.ts';
import { evaluate, formatValue, type Reading, type Scope, type Value } from './evaluate.ts';
import { parseExpression } from './parse-expression.ts';

/** An expression that has been read and checked: it can be evaluated at every step it was checked for. */
export interface Expression {
  readonly text: string;
  readonly type: ExpressionType;
  readonly node: Node;
  /** What must be read ahead of the step. */
  readonly before: readonly Probe[];
  /** Whether anything of it comes from the engine, not from the script. */
  readonly measured: boolean;
}

/**
 * Reads and checks an expression.
 * @param wanted the type it must have; null for any value
 */
export function compileExpression(text: string, context: CheckContext, wanted: 'boolean' | null): Parsed<Expression> {
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed;
  const node = parsed.value;
  const { type, problems } = checkExpression(node, context);
  if (problems.length > 0) return { ok: false, problems };
  const whole = { start: node.start, end: node.end };
  if (type === 'page' || type === 'task') {
    return {
      ok: false,
      problems: [{ ...whole, message: `a ${type} alone is no value`, remedy: 'measure something of it' }],
    };
  }
  if (wanted === 'boolean' && type !== 'boolean') {
    const message = 'this claims nothing: it is neither true nor false';
    return { ok: false, problems: [{ ...whole, message, remedy: 'compare it with something, such as == 1' }] };
  }
  return { ok: true, value: { text, type, node, before: probesAhead(node), measured: isMeasured(node) } };
}

function probesAhead(root: Node): Probe[] {
  const ahead: Probe[] = [];
  visit(root, (node) => {
    if (node.kind === 'probe' && node.before) ahead.push(node.probe);
    if (node.kind === 'sameFrame' && node.beforeA) ahead.push(node.a);
    if (node.kind === 'sameFrame' && node.beforeB) ahead.push(node.b);
  });
  return ahead;
}

function isMeasured(root: Node): boolean {
  let measured = false;
  visit(root, ({ kind }) => {
    if (kind === 'probe' || kind === 'sameFrame' || kind === 'step' || kind === 'stepTask') measured = true;
  });
  return measured;
}

/** Words that the expression names: a step whose claims name ENOMEM expects it. */
export function namedWords(root: Node): Set<string> {
  const words = new Set<string>();
  visit(root, (node) => {
    if (node.kind === 'name') words.add(node.name);
  });
  return words;
}

const keyOf = (probe: Probe): string => JSON.stringify(probe);

/** Reads the probes now and answers from that later, when the machine has gone on. */
export function frozen(reading: Reading, probes: readonly Probe[]): Reading {
  const values = new Map<string, Value>();
  for (const probe of probes) values.set(keyOf(probe), reading.read(probe));
  return { read: (probe) => values.get(keyOf(probe)) ?? { kind: 'error', message: 'not read ahead of the step' } };
}

/** A claim's verdict with what was measured: the left side of a comparison, or each comparison of a compound. */
export function judge({ node }: Expression, scope: Scope): { readonly ok: boolean; readonly got: string } {
  const verdict = evaluate(node, scope);
  if (verdict.kind === 'error') return { ok: false, got: verdict.message };
  return { ok: verdict.kind === 'boolean' && verdict.value, got: measuredText(node, scope) };
}

function measuredText(node: Node, scope: Scope): string {
  if (node.kind === 'compare') {
    const left = formatValue(evaluate(node.left, scope));
    return isMeasured(node.right) ? `${left} against ${formatValue(evaluate(node.right, scope))}` : left;
  }
  if (node.kind === 'and' || node.kind === 'or')
    return `${measuredText(node.left, scope)}, ${measuredText(node.right, scope)}`;
  if (node.kind === 'not') return measuredText(node.operand, scope);
  return formatValue(evaluate(node, scope));
}
