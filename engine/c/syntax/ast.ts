/**
 * The program after parsing: every expression has its type and its place, conversions are explicit, names are resolved.
 */
import type { Place } from '../source/place.ts';
import type { CType, FloatType, FunctionType, IntType, Member, PointerType } from '../types/types.ts';

/** A variable with automatic storage. The compiler gives it its place in the frame. */
export interface Local {
  readonly kind: 'local';
  readonly name: string;
  type: CType;
  readonly place: Place;
  readonly isParam: boolean;
  /** Its address is taken: gcc -O0 then reads it where the expression says, not where it is used. */
  addressTaken: boolean;
  /** _Alignas. */
  align: number;
  /** Bytes from the frame pointer; set by the compiler. */
  offset: number;
  /** Behind which its block has ended, for whoever shows variables; null: the function's end. */
  until: Place | null;
}

/** A function, a variable with static storage, or a string literal. */
export interface Global {
  readonly kind: 'global';
  readonly name: string;
  type: CType;
  place: Place;
  /** Not seen by other units: two of one name may exist. */
  readonly isStatic: boolean;
  align: number;
  /** Of a variable: null while only declared; tentative definitions have an empty list. */
  init: StaticData | null;
  /** Of a function. */
  body: FunctionBody | null;
  readonly isLiteral: boolean;
}

/** Initial contents: bytes, and places that hold addresses of other globals. */
export interface StaticData {
  readonly bytes: Uint8Array;
  readonly relocations: readonly { readonly offset: number; readonly target: Global; readonly addend: number }[];
}

export interface FunctionBody {
  readonly params: readonly Local[];
  readonly locals: readonly Local[];
  readonly body: Stmt;
  readonly end: Place;
}

export type BinaryOp =
  | '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>'; // prettier-ignore
export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

interface Node<K extends string, T extends CType = CType> {
  readonly kind: K;
  readonly type: T;
  readonly place: Place;
}
export interface IntConst extends Node<'int', IntType | PointerType> {
  /** Within the range of the type. */
  readonly value: bigint;
}
export interface FloatConst extends Node<'float', FloatType> {
  readonly value: number;
}
/** lvalue, or a function */
export interface VarExpr extends Node<'var'> {
  readonly variable: Local | Global;
}
/** lvalue: what a pointer points to */
export interface Deref extends Node<'deref'> {
  readonly pointer: Expr;
}
/** lvalue where the record is one */
export interface MemberExpr extends Node<'member'> {
  readonly record: Expr;
  readonly member: Member;
}
/** Address of an lvalue; also what arrays and functions decay to. */
export interface AddressOf extends Node<'address'> {
  readonly of: Expr;
}
/** Operands have the type of the result, but the right one of a shift. */
export interface Unary extends Node<'negate' | 'not'> {
  readonly operand: Expr;
}
export interface Binary extends Node<'binary'> {
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
/** Pointer plus bytes; `count` is a long, `scale` bytes an element, or an expression where that is known at run time only. */
export interface PointerAdd extends Node<'pointer-add'> {
  readonly pointer: Expr;
  readonly count: Expr;
  readonly scale: number | Expr;
  readonly negative: boolean;
}
export interface PointerDifference extends Node<'pointer-difference'> {
  readonly left: Expr;
  readonly right: Expr;
  readonly scale: number | Expr;
}
/** Operands have one type; the result is an int. */
export interface Compare extends Node<'compare', IntType> {
  readonly op: CompareOp;
  readonly left: Expr;
  readonly right: Expr;
}
export interface Logical extends Node<'logical', IntType> {
  readonly op: '&&' | '||';
  readonly left: Expr;
  readonly right: Expr;
}
/** !x: operand is any scalar. */
export interface LogicalNot extends Node<'logical-not', IntType> {
  readonly operand: Expr;
}
export interface Conditional extends Node<'conditional'> {
  readonly test: Expr;
  readonly yes: Expr;
  readonly no: Expr;
}
export interface Comma extends Node<'comma'> {
  readonly left: Expr;
  readonly right: Expr;
}
export interface Assign extends Node<'assign'> {
  readonly target: Expr;
  readonly value: Expr;
}
/**
 * target = (type of target)(f(target)) with the target's address taken once. `current` stands for its value inside
 * `value`; the result is the value before for postfix, else the value after.
 */
export interface Update extends Node<'update'> {
  readonly target: Expr;
  readonly current: CurrentValue;
  /** A right operand with effects is evaluated before anything else, as gcc's build_modify_expr has it. */
  readonly before: { readonly node: CurrentValue; readonly value: Expr } | null;
  readonly value: Expr;
  readonly result: 'before' | 'after';
}
export interface CurrentValue extends Node<'current'> {
  /** Told apart when updates nest. */
  readonly id: symbol;
}
export interface Cast extends Node<'cast'> {
  readonly operand: Expr;
}
export interface Call extends Node<'call'> {
  readonly callee: Expr;
  readonly signature: FunctionType;
  readonly args: readonly Expr[];
}
/** A value whose address no other expression has: a compound literal, or `({ … })`. Its statements run first. */
export interface StatementExpr extends Node<'statements'> {
  readonly body: readonly Stmt[];
  readonly value: Expr | null;
}
/** Built into the compiler: alloca, va_start, va_arg and friends. */
export interface Builtin extends Node<'builtin'> {
  readonly name: 'alloca' | 'va_start' | 'va_arg' | 'va_copy' | 'frame-address' | 'vla';
  readonly args: readonly Expr[];
}
/** Bytes of a variable set to zero before its initialiser runs. */
export interface ZeroFill extends Node<'zero'> {
  readonly target: Expr;
}

export type Expr =
  | IntConst | FloatConst | VarExpr | Deref | MemberExpr | AddressOf | Unary | Binary | PointerAdd | PointerDifference
  | Compare | Logical | LogicalNot | Conditional | Comma | Assign | Update | CurrentValue | Cast | Call | StatementExpr
  | Builtin | ZeroFill; // prettier-ignore

export type Stmt =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly place: Place }
  | { readonly kind: 'block'; readonly body: readonly Stmt[]; readonly hasVla: boolean; readonly place: Place }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: Stmt; readonly no: Stmt | null; readonly place: Place }
  | { readonly kind: 'loop'; readonly init: Stmt | null; readonly test: Expr | null; readonly after: Expr | null; readonly body: Stmt; readonly testFirst: boolean; readonly place: Place } // prettier-ignore
  | { readonly kind: 'switch'; readonly value: Expr; readonly body: Stmt; readonly cases: readonly Case[]; readonly place: Place } // prettier-ignore
  | { readonly kind: 'label'; readonly label: Label; readonly body: Stmt; readonly place: Place }
  | { readonly kind: 'goto'; readonly label: Label; readonly place: Place }
  | { readonly kind: 'break' | 'continue'; readonly place: Place }
  | { readonly kind: 'return'; readonly value: Expr | null; readonly place: Place };

/** A place to jump to; the compiler fills in where it is. */
export interface Label {
  readonly name: string;
}
/** `from` … `to` inclusive (GNU ranges); both null for default. */
export interface Case {
  readonly from: bigint | null;
  readonly to: bigint | null;
  readonly label: Label;
}

export interface Program {
  readonly globals: readonly Global[];
}
