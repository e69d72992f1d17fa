import type { Node, Probe } from './ast.ts';
import * as exact from './rational.ts';
import type { Rational } from './rational.ts';

/** What can come out of an expression or a probe. */
export type Value =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'word'; readonly value: string }
  /** Nothing to measure: why, as a sentence part. */
  | { readonly kind: 'error'; readonly message: string };

/** The machine at one moment. */
export interface Reading {
  read(probe: Probe): Value;
}

/** What the commands of one step gave. */
export interface StepFacts {
  /** Return value of the last command: a number, `ok`, or an errno's name. */
  readonly ret: number | string;
  /** The last errno of the step, or none. */
  readonly errno: string;
  readonly copies: number;
  /** System calls of the step, those of the C library among them. */
  readonly syscalls: number;
  /** Virtual time that calls of the C library took: on their own, in system calls, in faults. */
  readonly library_ns: number;
  readonly system_ns: number;
  readonly fault_ns: number;
  /** Commands between what a program died of and its death, 0 for none. */
  readonly blamed_ago: number;
  readonly byTask: ReadonlyMap<number, { readonly signal: string; readonly minflt: number; readonly majflt: number }>;
}

export interface Scope {
  readonly parameters: ReadonlyMap<string, number>;
  readonly facts: StepFacts;
  readonly now: Reading;
  readonly before: Reading;
}

export const number = (value: number): Value => ({ kind: 'number', value: exact.whole(value) });
export const word = (value: string): Value => ({ kind: 'word', value });
export const truth = (value: boolean): Value => ({ kind: 'boolean', value });
export const nothing = (message: string): Value => ({ kind: 'error', message });

export function formatValue(value: Value): string {
  if (value.kind === 'number') return exact.formatRational(value.value);
  return value.kind === 'error' ? value.message : String(value.value);
}

/** The value of a checked expression; an error value where something is not there to be measured. */
export function evaluate(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'number':
      return { kind: 'number', value: node.value };
    case 'name': {
      const parameter = scope.parameters.get(node.name);
      return parameter === undefined ? word(node.name) : { kind: 'number', value: exact.fromNumber(parameter) };
    }
    case 'probe':
      return (node.before ? scope.before : scope.now).read(node.probe);
    case 'sameFrame':
      return sameFrame(node, scope);
    case 'step':
      return stepValue(scope.facts[node.field]);
    case 'stepTask':
      return stepValue(scope.facts.byTask.get(node.task)?.[node.field] ?? (node.field === 'signal' ? 'none' : 0));
    case 'not': {
      const inner = evaluate(node.operand, scope);
      return inner.kind === 'boolean' ? truth(!inner.value) : failed(inner);
    }
    case 'negate': {
      const inner = evaluate(node.operand, scope);
      return inner.kind === 'number'
        ? { kind: 'number', value: exact.subtract(exact.whole(0), inner.value) }
        : failed(inner);
    }
    case 'and':
    case 'or':
      return joined(node, scope);
    case 'compare':
      return compared(node, scope);
    case 'arithmetic':
      return calculated(node, scope);
    case 'page':
    case 'task':
      return nothing(`${node.kind === 'page' ? 'a page' : 'a task'} is no value`);
  }
}

/** The value to hand on when an operand has the wrong kind: its own error, where it has one. */
const failed = (value: Value): Value =>
  value.kind === 'error' ? value : nothing(`${formatValue(value)} does not fit here`);

const stepValue = (fact: number | string): Value => (typeof fact === 'number' ? number(fact) : word(fact));

function sameFrame(node: Node & { kind: 'sameFrame' }, scope: Scope): Value {
  const a = (node.beforeA ? scope.before : scope.now).read(node.a);
  const b = (node.beforeB ? scope.before : scope.now).read(node.b);
  if (a.kind === 'error') return a;
  if (b.kind === 'error') return b;
  const absent = 'none';
  // two pages without a frame share nothing
  return truth(formatValue(a) !== absent && formatValue(a) === formatValue(b));
}

/** The right side is looked at only when it decides: `alive(p1) and p1.rss == 0` holds its tongue once p1 is gone. */
function joined(node: Node & { kind: 'and' | 'or' }, scope: Scope): Value {
  const left = evaluate(node.left, scope);
  if (left.kind !== 'boolean') return failed(left);
  if (left.value === (node.kind === 'or')) return left;
  const right = evaluate(node.right, scope);
  return right.kind === 'boolean' ? right : failed(right);
}

function compared(node: Node & { kind: 'compare' }, scope: Scope): Value {
  const left = evaluate(node.left, scope);
  const right = evaluate(node.right, scope);
  if (left.kind === 'error') return left;
  if (right.kind === 'error') return right;
  if (node.operator === '==') return truth(equal(left, right));
  if (node.operator === '!=') return truth(!equal(left, right));
  if (left.kind !== 'number' || right.kind !== 'number') return failed(left.kind === 'number' ? right : left);
  const order = exact.compare(left.value, right.value);
  if (node.operator === '<') return truth(order < 0);
  if (node.operator === '<=') return truth(order <= 0);
  return truth(node.operator === '>' ? order > 0 : order >= 0);
}

function equal(a: Value, b: Value): boolean {
  if (a.kind === 'number' && b.kind === 'number') return exact.compare(a.value, b.value) === 0;
  // a call that gave a number has succeeded
  if (a.kind === 'number' && b.kind === 'word') return b.value === 'ok';
  if (a.kind === 'word' && b.kind === 'number') return a.value === 'ok';
  return a.kind === b.kind && formatValue(a) === formatValue(b);
}

function calculated(node: Node & { kind: 'arithmetic' }, scope: Scope): Value {
  const left = evaluate(node.left, scope);
  const right = evaluate(node.right, scope);
  if (left.kind !== 'number') return failed(left);
  if (right.kind !== 'number') return failed(right);
  const value = ARITHMETIC[node.operator](left.value, right.value);
  return value === null ? nothing('a division by zero') : { kind: 'number', value };
}

const ARITHMETIC = { '+': exact.add, '-': exact.subtract, '*': exact.multiply, '/': exact.divide } as const;
