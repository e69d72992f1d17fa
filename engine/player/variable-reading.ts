import { sizeOf } from '../c/index.ts';
import { findingsOf, type KernelState } from '../kernel/index.ts';
import { secretHolders, secretPieces } from '../kernel/program/secrets.ts';
import { findPlace, lineOf, valueOf } from '../kernel/program/variables.ts';
import type { Pid } from '../base/units.ts';
import type { Probe } from './expression/ast.ts';
import { nothing, number, word, type Value } from './expression/evaluate.ts';
import { findingWord, type FindingField } from './expression/names.ts';
import { fromNumber, rational } from './expression/rational.ts';

/** What an expression asks of a variable of a C program. */
export function variableValue(k: KernelState, { task, path, derefs, what }: Probe & { kind: 'variable' }): Value {
  const pid = task as Pid;
  const found = findPlace(k, pid, path, derefs);
  if (!found.ok) return nothing(found.why);
  const { type, address, offset } = found.value;
  switch (what) {
    case 'size':
      return number(sizeOf(type));
    case 'offset':
      return number(offset);
    case 'address':
      return address === null ? nothing(`${path} has no address`) : number(address);
    case 'value': {
      const value = valueOf(k, pid, found.value);
      if (value === null) return nothing(`${path} is a struct`);
      if (value.kind === 'integer') return { kind: 'number', value: rational(value.value) };
      return Number.isFinite(value.value)
        ? { kind: 'number', value: fromNumber(value.value) }
        : nothing(`${path} is ${value.value}`);
    }
  }
}

/** `line(p0)`: where the program stands. */
export function lineValue(k: KernelState, task: number): Value {
  const line = lineOf(k, task as Pid);
  return line === null ? nothing(`p${task} stands in no source`) : number(line);
}

/** What was found of a task's programs up to now, also of one that has ended. */
export function findingValue(k: KernelState, task: number, field: FindingField): Value {
  const findings = findingsOf(k).filter((view) => view.task === task);
  if (field === 'findings') return number(findings.length);
  const last = findings.at(-1);
  if (field === 'finding') return word(last === undefined ? 'none' : findingWord(last.kind));
  return last === undefined ? nothing(`nothing was found of p${task}`) : number(last.line);
}

/** In how many frames, or swap slots, the secrets can be found now; or how many bytes of them there are, also in pieces. */
export function secretCount(k: KernelState, kind: 'frame' | 'slot' | 'byte'): Value {
  if (kind === 'byte') return number(secretPieces(k).reduce((sum, { length }) => sum + length, 0));
  return number(secretHolders(k, kind));
}
