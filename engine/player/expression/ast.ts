import type { Quantity } from '../../protocol/commands.ts';
import type {
  FindingField,
  FunctionName,
  HeapField,
  MachineField,
  PointerField,
  WordType,
  PageField,
  StepField,
  StepTaskField,
  TaskField,
} from './names.ts';
import type { Rational } from './rational.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** One page of one task by its region: `p0:A+2`. */
export interface PageRef extends Place {
  readonly task: number;
  readonly name: string;
  readonly offset: Quantity;
  readonly before: boolean;
}

/** What can be read of the machine at one moment, without touching it. */
export type Probe =
  | { readonly kind: 'task'; readonly task: number; readonly field: TaskField }
  | { readonly kind: 'machine'; readonly field: MachineField }
  | { readonly kind: 'alive'; readonly task: number }
  | { readonly kind: 'heap'; readonly task: number; readonly field: HeapField }
  | { readonly kind: 'break'; readonly task: number }
  /** A variable of a C program. derefs: how many times `*` stands before it. */
  | {
      readonly kind: 'variable';
      readonly task: number;
      readonly path: string;
      readonly derefs: number;
      readonly what: 'value' | 'address' | 'size' | 'offset';
    }
  | { readonly kind: 'line'; readonly task: number }
  | { readonly kind: 'finding'; readonly task: number; readonly field: FindingField }
  /** Frames or swap slots that hold a secret. */
  | { readonly kind: 'secret'; readonly of: 'frame' | 'slot' | 'byte' }
  | {
      readonly kind: 'pointer';
      readonly field: PointerField;
      readonly task: number;
      readonly name: string;
      readonly offset: Quantity;
    }
  | {
      readonly kind: 'page';
      readonly field: PageField;
      readonly task: number;
      readonly name: string;
      readonly offset: Quantity;
    };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type Arithmetic = '+' | '-' | '*' | '/';

export type Node = Place &
  (
    | { readonly kind: 'number'; readonly value: Rational }
    | { readonly kind: 'name'; readonly name: string }
    | {
        readonly kind: 'probe';
        readonly probe: Probe;
        readonly before: boolean;
        readonly type: 'number' | 'boolean' | 'state' | 'lookup' | WordType;
      }
    | {
        readonly kind: 'sameFrame';
        readonly a: Probe;
        readonly b: Probe;
        readonly beforeA: boolean;
        readonly beforeB: boolean;
      }
    | { readonly kind: 'step'; readonly field: StepField }
    | { readonly kind: 'stepTask'; readonly field: StepTaskField; readonly task: number }
    | { readonly kind: 'page'; readonly page: PageRef }
    | { readonly kind: 'task'; readonly task: number }
    | { readonly kind: 'not' | 'negate'; readonly operand: Node }
    | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
    | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Node; readonly right: Node }
    | { readonly kind: 'arithmetic'; readonly operator: Arithmetic; readonly left: Node; readonly right: Node }
  );

export interface CallSite extends Place {
  readonly name: FunctionName;
}

/** Visits every node, parents first. */
export function visit(node: Node, each: (node: Node) => void): void {
  each(node);
  if (node.kind === 'not' || node.kind === 'negate') visit(node.operand, each);
  else if ('left' in node) {
    visit(node.left, each);
    visit(node.right, each);
  }
}
