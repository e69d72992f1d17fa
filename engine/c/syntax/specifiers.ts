import { refuse, type Place } from '../source/place.ts';
import { layOut, type Field } from '../types/layout.ts';
import * as T from '../types/types.ts';
import type { Core } from './core.ts';
import type { Declarators } from './declarators.ts';

export type Storage = 'typedef' | 'static' | 'extern' | 'auto' | 'register';

export interface Specifiers {
  readonly type: T.CType;
  readonly storage: Storage | null;
  /** _Alignas, in bytes; 0 without. */
  readonly align: number;
}

const BASIC = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '_Bool',
  '__signed__',
]);
const STORAGE = new Set(['typedef', 'static', 'extern', 'auto', 'register']);
const QUALIFIERS = new Set(['const', 'volatile', 'restrict', '__restrict', '__restrict__', '__const', '__volatile__']);
const FUNCTION_WORDS = new Set(['inline', '_Noreturn', '__inline', '__inline__', '__extension__']);
const MISSING: Readonly<Record<string, string>> = {
  _Atomic: 'atomic types',
  _Complex: 'complex numbers',
  _Imaginary: 'complex numbers',
  _Thread_local: 'thread-local variables (threads)',
  __thread: 'thread-local variables (threads)',
  __int128: 'integers of 128 bits',
  __builtin_va_list: '',
};

/** Words of a basic type, sorted, and the type they name: C17 6.7.2. */
const BASIC_TYPES: Readonly<Record<string, T.CType>> = {
  void: T.VOID,
  _Bool: T.BOOL,
  char: T.CHAR,
  'char signed': T.SCHAR,
  'char unsigned': T.UCHAR,
  short: T.SHORT, 'short signed': T.SHORT, 'int short': T.SHORT, 'int short signed': T.SHORT,
  'short unsigned': T.USHORT, 'int short unsigned': T.USHORT,
  int: T.INT, signed: T.INT, 'int signed': T.INT,
  unsigned: T.UINT, 'int unsigned': T.UINT,
  long: T.LONG, 'long signed': T.LONG, 'int long': T.LONG, 'int long signed': T.LONG,
  'long unsigned': T.ULONG, 'int long unsigned': T.ULONG,
  'long long': T.LLONG, 'long long signed': T.LLONG, 'int long long': T.LLONG, 'int long long signed': T.LLONG,
  'long long unsigned': T.ULLONG, 'int long long unsigned': T.ULLONG,
  float: T.FLOAT,
  double: T.DOUBLE,
}; // prettier-ignore

/** Declaration specifiers and type names: C17 6.7, 6.7.2, 6.7.7. */
export class SpecifierParser {
  constructor(
    private readonly core: Core,
    private readonly declarators: Declarators,
  ) {}

  startsType(): boolean {
    const { text, kind } = this.core.token;
    if (kind !== 'name') return false;
    if (BASIC.has(text) || STORAGE.has(text) || QUALIFIERS.has(text) || FUNCTION_WORDS.has(text)) return true;
    if (text in MISSING && text !== '__builtin_va_list') return true;
    if (['struct', 'union', 'enum', '_Alignas', '__typeof__', 'typeof', '__attribute__'].includes(text)) return true;
    return this.core.scopes.find(text)?.kind === 'typedef';
  }

  typeName(): T.CType {
    const { type, storage } = this.specifiers();
    if (storage !== null) refuse(this.core.place, `${storage} cannot stand in a type name`);
    return this.declarators.abstract(type);
  }

  specifiers(): Specifiers {
    const { core } = this;
    const start = core.place;
    const words: string[] = [];
    let type: T.CType | null = null;
    let storage: Storage | null = null;
    let align = 0;
    let isConst = false;
    let isVolatile = false;
    for (;;) {
      const { text, kind } = core.token;
      if (kind !== 'name') break;
      if (text === '__attribute__') align = Math.max(align, this.alignedAttribute());
      else if (STORAGE.has(text)) storage = this.storage(storage);
      else if (QUALIFIERS.has(text)) {
        isConst ||= text.includes('const');
        isVolatile ||= text.includes('volatile');
        core.next();
      } else if (FUNCTION_WORDS.has(text)) core.next();
      else if (text === '_Alignas') align = Math.max(align, this.alignas());
      else if (text in MISSING && MISSING[text] !== '')
        refuse(core.place, `${MISSING[text]} are not in the lab’s C (${text})`);
      else if (BASIC.has(text) && type === null) {
        words.push(text === '__signed__' ? 'signed' : text);
        core.next();
      } else if (type !== null || words.length > 0) break;
      else if (text === 'struct' || text === 'union') type = this.record();
      else if (text === 'enum') type = this.enumeration();
      else if (text === 'typeof' || text === '__typeof__') type = this.typeOf();
      else {
        const named = core.scopes.find(text);
        if (named?.kind !== 'typedef') break;
        type = named.type;
        core.next();
      }
    }
    const base = type ?? this.basicType(words, start);
    return { type: T.qualify(base, isConst, isVolatile), storage, align };
  }

  private storage(before: Storage | null): Storage {
    const { core } = this;
    if (before !== null && before !== core.token.text)
      refuse(core.place, `${before} and ${core.token.text} exclude each other`);
    return core.next().text as Storage;
  }

  private basicType(words: readonly string[], place: Place): T.CType {
    const { core } = this;
    if (words.length === 0) {
      const { text } = core.token;
      const known = core.isName() ? `; ${text} is not declared as a type` : '';
      return refuse(place, `a type is missing here${known}`);
    }
    const key = [...words].sort().join(' ');
    if (key === 'double long') return refuse(place, 'long double is not in the lab’s C');
    return BASIC_TYPES[key] ?? refuse(place, `${words.join(' ')} is no type`);
  }

  private alignedAttribute(): number {
    return this.core.attributes().aligned;
  }

  private alignas(): number {
    const { core } = this;
    core.next();
    core.expect('(', 'behind _Alignas');
    const align = core.parts.startsType() ? T.alignOf(this.typeName()) : Number(core.parts.constant());
    core.expect(')', 'at the end of _Alignas');
    return align;
  }

  private typeOf(): T.CType {
    const { core } = this;
    core.next();
    core.expect('(', 'behind typeof');
    const type = core.parts.startsType() ? this.typeName() : core.parts.expression().type;
    core.expect(')', 'at the end of typeof');
    return type;
  }

  private record(): T.CType {
    const { core } = this;
    const isUnion = core.next().text === 'union';
    const before = core.attributes();
    const tag = core.isName() ? core.next() : null;
    const defines = core.is('{');
    if (tag === null && !defines) refuse(core.place, `a name or { must follow ${isUnion ? 'union' : 'struct'}`);
    const type = this.tagged(tag?.text ?? null, isUnion, defines, core.place);
    if (!defines) return type;
    if (type.def.members !== null) refuse(tag?.place ?? core.place, `${T.typeName(type)} is defined a second time`);
    core.next();
    const fields = this.fields();
    const after = core.attributes();
    try {
      layOut(type.def, fields, before.packed || after.packed, Math.max(before.aligned, after.aligned));
    } catch (error) {
      if (error instanceof RangeError) refuse(tag?.place ?? core.place, error.message);
      throw error;
    }
    return type;
  }

  private tagged(tag: string | null, isUnion: boolean, defines: boolean, place: Place): T.RecordType {
    const { scopes } = this.core;
    // `struct s;` alone declares a new one in its scope, as does a definition.
    const known = tag === null ? null : scopes.findTag(tag, defines || this.core.is(';'));
    if (known !== null) {
      if (known.kind !== 'record' || known.def.isUnion !== isUnion)
        return refuse(place, `${tag} is another kind of type already`);
      return known;
    }
    const made: T.RecordType = { kind: 'record', def: { isUnion, tag, members: null, size: 0, align: 1 } };
    if (tag !== null) scopes.declareTag(tag, made);
    return made;
  }

  private fields(): Field[] {
    const { core } = this;
    const fields: Field[] = [];
    while (!core.takes('}')) {
      if (core.is('_Static_assert')) {
        core.parts.declaration();
        continue;
      }
      const specifiers = this.specifiers();
      if (core.takes(';')) {
        if (specifiers.type.kind === 'record') fields.push({ name: null, type: specifiers.type, width: null });
        continue;
      }
      do fields.push(this.field(specifiers));
      while (core.takes(','));
      core.expect(';', 'behind the member');
    }
    this.checkFields(fields);
    return fields;
  }

  private field(specifiers: Specifiers): Field {
    const { core } = this;
    const declared = core.is(':')
      ? { name: null, type: specifiers.type, place: core.place }
      : this.declarators.declarator(specifiers.type);
    const align = specifiers.align;
    if (!core.takes(':')) {
      const attribute = core.attributes().aligned;
      if (declared.type.kind === 'function')
        refuse(declared.place, 'a function cannot be a member; a pointer to one can');
      const flexible = declared.type.kind === 'array' && declared.type.length === null;
      if (!flexible && !T.isComplete(declared.type))
        refuse(declared.place, `the type of ${declared.name} is not complete here`);
      if (T.isVla(declared.type)) refuse(declared.place, 'the length of an array in a struct must be a constant');
      const most = Math.max(align, attribute);
      return { name: declared.name, type: declared.type, width: null, ...(most > 1 ? { align: most } : {}) };
    }
    const { place } = core;
    const width = Number(core.parts.constant());
    core.attributes();
    const { type } = declared;
    if (type.kind !== 'int') return refuse(place, 'a bit-field must have an integer type');
    const most = type.isBool === true ? 1 : type.size * 8;
    if (width < 0 || width > most) refuse(place, `a bit-field of ${T.typeName(type)} has 1 to ${most} bits`);
    if (width === 0 && declared.name !== null) refuse(place, 'a bit-field of width 0 has no name');
    return { name: declared.name, type, width };
  }

  private checkFields(fields: readonly Field[]): void {
    const seen = new Set<string>();
    fields.forEach((field, i) => {
      if (field.name !== null && seen.has(field.name)) refuse(this.core.place, `the member ${field.name} occurs twice`);
      if (field.name !== null) seen.add(field.name);
      const flexible = field.type.kind === 'array' && field.type.length === null;
      if (flexible && i < fields.length - 1)
        refuse(this.core.place, `${field.name} has no length and is not the last member`);
    });
  }

  private enumeration(): T.CType {
    const { core } = this;
    core.next();
    core.attributes();
    const tag = core.isName() ? core.next() : null;
    if (!core.is('{')) {
      const known = core.scopes.findTag(tag?.text ?? '', false);
      if (known?.kind !== 'enum') return refuse(tag?.place ?? core.place, `enum ${tag?.text ?? ''} is not defined`);
      return known.type;
    }
    core.next();
    const members: { name: string; value: bigint }[] = [];
    let value = 0n;
    while (!core.takes('}')) {
      const name = core.expectName('the name of a constant');
      core.attributes();
      if (core.takes('=')) value = core.parts.constant();
      members.push({ name: name.text, value });
      core.scopes.declare(name.text, { kind: 'enumerator', value, type: enumConstantType(value) });
      value += 1n;
      if (!core.takes(',') && !core.is('}')) core.expect('}', 'at the end of the enumeration');
    }
    core.attributes();
    const type = enumType(members.map((member) => member.value));
    if (tag !== null) core.scopes.declareTag(tag.text, { kind: 'enum', type });
    return type;
  }
}

const fits = (value: bigint, type: T.IntType): boolean =>
  type.signed ? BigInt.asIntN(type.size * 8, value) === value : BigInt.asUintN(type.size * 8, value) === value;
const enumConstantType = (value: bigint): T.IntType =>
  fits(value, T.INT) ? T.INT : fits(value, T.UINT) ? T.UINT : T.LONG;

/** gcc: unsigned int where no constant is negative, else int; wider where they do not fit. */
function enumType(values: readonly bigint[]): T.IntType {
  const negative = values.some((value) => value < 0n);
  const candidates = negative ? [T.INT, T.LONG] : [T.UINT, T.ULONG];
  return candidates.find((type) => values.every((value) => fits(value, type))) ?? T.LONG;
}
