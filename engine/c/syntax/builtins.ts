import { refuse, type Place } from '../source/place.ts';
import * as T from '../types/types.ts';
import type { Builtin, Expr } from './ast.ts';
import type { Core } from './core.ts';
import * as typing from './typing.ts';

/** What the headers are made of: names the compiler itself knows. */
const BUILTINS = [
  '__builtin_alloca', '__builtin_va_start', '__builtin_va_arg', '__builtin_va_end', '__builtin_va_copy',
  '__builtin_offsetof', '__builtin_frame_address', '__builtin_expect', '__builtin_types_compatible_p',
  '__builtin_constant_p', '__builtin_inf', '__builtin_nan',
] as const; // prettier-ignore
type Name = (typeof BUILTINS)[number];

export const isBuiltin = (name: string): name is Name => (BUILTINS as readonly string[]).includes(name);

interface Reader {
  assignment(): Expr;
}

/** A use of a built-in name, from the ( on. */
export function builtinCall(core: Core, name: Name, place: Place, read: Reader): Expr {
  core.expect('(', `behind ${name}`);
  const result = builtin(core, name, place, read);
  core.expect(')', `behind the arguments of ${name}`);
  return result;
}

const make = (name: Builtin['name'], type: T.CType, place: Place, args: readonly Expr[]): Expr => ({
  kind: 'builtin',
  name,
  type,
  place,
  args,
});

function builtin(core: Core, name: Name, place: Place, read: Reader): Expr {
  const argument = (): Expr => typing.rvalue(read.assignment());
  const nextArgument = (): Expr => {
    core.expect(',', `between the arguments of ${name}`);
    return argument();
  };
  switch (name) {
    case '__builtin_alloca':
      return make('alloca', T.pointerTo(T.VOID), place, [typing.convert(argument(), T.ULONG)]);
    case '__builtin_va_start': {
      const list = argument();
      nextArgument();
      if (core.function?.type.variadic !== true) refuse(place, 'va_start is only for functions that end in ...');
      return make('va_start', T.VOID, place, [list]);
    }
    case '__builtin_va_arg': {
      const list = argument();
      core.expect(',', 'between the arguments of va_arg');
      const type = core.parts.typeName();
      if (!T.isComplete(type)) refuse(place, `va_arg needs a complete type, not ${T.typeName(type)}`);
      return make('va_arg', type, place, [list]);
    }
    case '__builtin_va_end':
      return typing.cast(argument(), T.VOID, place);
    case '__builtin_va_copy':
      return make('va_copy', T.VOID, place, [argument(), nextArgument()]);
    case '__builtin_offsetof':
      return offsetOf(core, place, read);
    case '__builtin_frame_address':
      argument();
      return make('frame-address', T.pointerTo(T.VOID), place, []);
    case '__builtin_expect': {
      const value = argument();
      nextArgument();
      return typing.convert(value, T.LONG);
    }
    case '__builtin_types_compatible_p': {
      const first = core.parts.typeName();
      core.expect(',', `between the arguments of ${name}`);
      return typing.intConst(
        T.sameType(T.unqualified(first), T.unqualified(core.parts.typeName())) ? 1 : 0,
        T.INT,
        place,
      );
    }
    case '__builtin_constant_p':
      return typing.intConst(['int', 'float'].includes(argument().kind) ? 1 : 0, T.INT, place);
    case '__builtin_inf':
      return { kind: 'float', type: T.DOUBLE, place, value: Infinity };
    case '__builtin_nan':
      argument();
      return { kind: 'float', type: T.DOUBLE, place, value: NaN };
  }
}

/** offsetof(type, a.b[2].c) */
function offsetOf(core: Core, place: Place, read: Reader): Expr {
  let type = core.parts.typeName();
  core.expect(',', 'between the arguments of offsetof');
  let offset: Expr = typing.intConst(0, T.ULONG, place);
  const add = (bytes: Expr): void => {
    offset = typing.binary('+', offset, typing.convert(bytes, T.ULONG), place);
  };
  for (let first = true; first || core.is('.') || core.is('['); first = false) {
    if (!first && core.takes('[')) {
      if (type.kind !== 'array') return refuse(place, `${T.typeName(type)} has no elements`);
      add(
        typing.binary('*', typing.rvalue(read.assignment()), typing.intConst(T.sizeOf(type.of), T.ULONG, place), place),
      );
      core.expect(']', 'behind the index');
      type = type.of;
      continue;
    }
    if (!first) core.next();
    const name = core.expectName('the name of a member');
    const member = type.kind === 'record' ? T.findMember(type.def, name.text) : null;
    if (member === null) return refuse(name.place, `${T.typeName(type)} has no member ${name.text}`);
    if (member.bits !== null) refuse(name.place, `${name.text} is a bit-field: it has no offset in bytes`);
    add(typing.intConst(member.offset, T.ULONG, place));
    type = member.type;
  }
  return offset;
}
