import { charValue, numberValue } from './literals.ts';
import { refuse, type Place } from './place.ts';
import { isSign, type Token } from './token.ts';

const LEVELS: readonly (readonly string[])[] = [
  ['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '<=', '>', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%'],
]; // prettier-ignore

/** The value of an `#if`: integers of 64 bits, names that are no macros count 0. C17 6.10.1. */
export function conditionValue(tokens: readonly Token[], place: Place): bigint {
  let at = 0;
  const takes = (sign: string): boolean => {
    const fits = at < tokens.length && isSign(tokens[at]!, sign);
    if (fits) at++;
    return fits;
  };
  const primary = (): bigint => {
    const token = tokens[at++];
    if (token === undefined) return refuse(place, 'the condition is not complete');
    if (token.kind === 'name') return 0n;
    if (token.kind === 'char') return charValue(token);
    if (token.kind === 'number') {
      const number = numberValue(token.text, token.place);
      return number.kind === 'int'
        ? BigInt.asIntN(64, number.value)
        : refuse(token.place, 'a condition has whole numbers');
    }
    if (token.text === '(') {
      const value = conditional();
      if (!takes(')')) refuse(token.place, 'the closing ) is missing');
      return value;
    }
    if (token.text === '!') return primary() === 0n ? 1n : 0n;
    if (token.text === '-') return -primary();
    if (token.text === '+') return primary();
    if (token.text === '~') return ~primary();
    return refuse(token.place, `${token.text} cannot stand here in a condition`);
  };
  const level = (n: number): bigint => {
    if (n === LEVELS.length) return primary();
    let left = level(n + 1);
    for (let op = LEVELS[n]!.find(takes); op !== undefined; op = LEVELS[n]!.find(takes)) {
      left = BigInt.asIntN(64, apply(op, left, level(n + 1), place));
    }
    return left;
  };
  const conditional = (): bigint => {
    const test = level(0);
    if (!takes('?')) return test;
    const yes = conditional();
    if (!takes(':')) refuse(place, 'the : of the condition is missing');
    const no = conditional();
    return test === 0n ? no : yes;
  };
  const value = conditional();
  if (at < tokens.length) refuse(tokens[at]!.place, `${tokens[at]!.text} cannot stand here in a condition`);
  return value;
}

function apply(op: string, a: bigint, b: bigint, place: Place): bigint {
  const truth = (yes: boolean): bigint => (yes ? 1n : 0n);
  switch (op) {
    case '||':
      return truth(a !== 0n || b !== 0n);
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '<<':
      return a << (b & 63n);
    case '>>':
      return a >> (b & 63n);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      if (b === 0n) return refuse(place, 'division by zero in a condition');
      return op === '/' ? a / b : a % b;
  }
}
