import { Preprocessor, type HeaderLookup } from '../source/preprocess.ts';
import { refuse, type Place } from '../source/place.ts';
import type { Token } from '../source/token.ts';
import * as T from '../types/types.ts';
import type { Expr, Global, Program, Stmt } from './ast.ts';
import { Core, type FunctionContext } from './core.ts';
import { Declarators, type Declared } from './declarators.ts';
import { Expressions, variable } from './expressions.ts';
import { initStatements, Initializers } from './initializers.ts';
import { SpecifierParser, type Specifiers } from './specifiers.ts';
import { staticData } from './static-data.ts';
import { Statements } from './statements.ts';

/** @throws Refusal at the first error, or the first thing outside the subset */
export function parse(file: string, text: string, headers: HeaderLookup, predefined: string): Program {
  const preprocessor = new Preprocessor(file, text, headers, predefined);
  const tokens: Token[] = [];
  do tokens.push(preprocessor.next());
  while (tokens.at(-1)!.kind !== 'end');
  const core = new Core(tokens);
  new Declarations(core).program();
  return { globals: core.globals };
}

/** Declarations and function definitions: C17 6.7, 6.9. */
class Declarations {
  private readonly declarators: Declarators;
  private readonly specifierParser: SpecifierParser;
  private readonly statements: Statements;
  private readonly initializers: Initializers;

  constructor(private readonly core: Core) {
    const expressions = new Expressions(core);
    this.declarators = new Declarators(core);
    this.specifierParser = new SpecifierParser(core, this.declarators);
    this.declarators.specifiers = () => this.specifierParser.specifiers();
    this.statements = new Statements(core);
    this.initializers = new Initializers(core);
    core.parts = {
      expression: () => expressions.expression(),
      assignment: () => expressions.assignment(),
      constant: () => expressions.constant(),
      startsType: () => this.specifierParser.startsType() || core.is('_Static_assert'),
      typeName: () => this.specifierParser.typeName(),
      declaration: () => this.declaration(),
      block: () => this.statements.block(),
      statement: () => this.statements.statement(),
      compoundLiteral: (type, place) => this.compoundLiteral(type, place),
    };
  }

  program(): void {
    const { core } = this;
    while (core.token.kind !== 'end') {
      if (core.takes(';')) continue;
      if (!core.parts.startsType()) {
        const hint = core.isName() && core.isAt(1, '(') ? '; a function needs the type it returns' : '';
        refuse(core.place, `${core.token.text} cannot stand here: a declaration is needed${hint}`);
      }
      this.declaration();
    }
  }

  /** A declaration, at file scope also a function definition. @returns the statements that initialise its variables */
  private declaration(): Stmt[] {
    const { core } = this;
    if (core.is('_Static_assert')) return this.staticAssert();
    const specifiers = this.specifierParser.specifiers();
    const body: Stmt[] = [];
    if (core.takes(';')) return body;
    for (let first = true; ; first = false) {
      const declared = this.declarators.declarator(specifiers.type);
      if (core.is('asm') || core.is('__asm__')) refuse(core.place, 'assembler names are not in the lab’s C');
      const { aligned } = core.attributes();
      if (first && core.is('{') && declared.type.kind === 'function') {
        if (!core.scopes.isFileScope) refuse(declared.place, 'a function inside a function is not in the lab’s C');
        this.functionDefinition(specifiers, declared);
        return body;
      }
      body.push(
        ...core.takePending(),
        ...this.declared({ ...specifiers, align: Math.max(specifiers.align, aligned) }, declared),
      );
      if (!core.takes(',')) break;
    }
    core.expect(';', 'at the end of the declaration');
    return body;
  }

  private staticAssert(): Stmt[] {
    const { core } = this;
    const { place } = core.next();
    core.expect('(', 'behind _Static_assert');
    const value = core.parts.constant();
    const message = core.takes(',') ? core.next().text : '';
    core.expect(')', 'at the end of _Static_assert');
    core.expect(';', 'behind _Static_assert');
    if (value === 0n) refuse(place, `the static assertion failed ${message}`.trim());
    return [];
  }

  private declared(specifiers: Specifiers, declared: Declared): Stmt[] {
    const { core } = this;
    const { storage } = specifiers;
    const name = declared.name!;
    const { type, place } = declared;
    if (storage === 'typedef') {
      core.scopes.declare(name, { kind: 'typedef', type });
      return [];
    }
    if (type.kind === 'void') refuse(place, `${name} cannot be void`);
    if (type.kind === 'function') {
      this.global(name, type, place, storage === 'static');
      return [];
    }
    if (core.function === null) this.fileVariable(specifiers, declared);
    else if (storage === 'extern') core.scopes.declare(name, this.global(name, type, place, false));
    else if (storage === 'static') this.staticLocal(specifiers, declared);
    else return this.local(specifiers, declared);
    return [];
  }

  /** The one object or function that all declarations of a name at file scope mean. */
  private global(name: string, type: T.CType, place: Place, isStatic: boolean): Global {
    const { core } = this;
    const known = core.scopes.findGlobal(name);
    if (known === null) {
      const made = core.addGlobal({ name, type, place, isStatic, align: 0, init: null, body: null, isLiteral: false });
      core.scopes.declareGlobal(name, made);
      return made;
    }
    if (known.kind !== 'global') return refuse(place, `${name} is declared as something else already`);
    if (!T.sameType(known.type, type))
      refuse(place, `${name} has another type here than in its first declaration: ${T.typeName(known.type)}`);
    const unknownLength = known.type.kind === 'array' && known.type.length === null;
    const unknownParams = known.type.kind === 'function' && known.type.unprototyped;
    if (unknownLength || unknownParams) known.type = type;
    return known;
  }

  private fileVariable({ storage, align }: Specifiers, { name, type, place }: Declared): void {
    const { core } = this;
    const global = this.global(name!, type, place, storage === 'static');
    global.align = Math.max(global.align, align);
    if (T.isVla(type)) refuse(place, 'the length of an array outside of functions must be a constant');
    if (core.takes('=')) {
      if (global.init !== null && global.init.bytes.length > 0) refuse(place, `${name} is initialised a second time`);
      this.initializeGlobal(global);
    } else if (storage !== 'extern') {
      if (type.kind === 'record' && type.def.members === null) refuse(place, `${name} has an incomplete type`);
      global.init ??= { bytes: new Uint8Array(0), relocations: [] };
    }
  }

  private initializeGlobal(global: Global): void {
    const init = this.initializers.read(global.type);
    global.type = init.type;
    global.init = staticData(init);
  }

  private staticLocal({ align }: Specifiers, { name, type, place }: Declared): void {
    const { core } = this;
    if (T.isVla(type)) refuse(place, 'a static array has a constant length');
    const init = { bytes: new Uint8Array(0), relocations: [] };
    const global = core.addGlobal({ name: core.unique(name!), type, place, isStatic: true, align, init, body: null, isLiteral: false }); // prettier-ignore
    core.scopes.declare(name!, global);
    if (core.takes('=')) this.initializeGlobal(global);
    if (!T.isComplete(global.type)) refuse(place, `the size of ${name} is not known`);
  }

  private local({ align }: Specifiers, { name, type, place }: Declared): Stmt[] {
    const { core } = this;
    const here = core.scopes.findHere(name!);
    if (here !== null) refuse(place, `${name} is declared a second time in this block`);
    if (type.kind === 'array' && type.vlaBytes !== undefined) return this.vla(name!, type, place);
    const local = core.addLocal(name!, type, place);
    local.align = align;
    core.scopes.declare(name!, local);
    if (!core.takes('=')) {
      if (!T.isComplete(local.type)) refuse(place, `the size of ${name} is not known here`);
      return [];
    }
    const init = this.initializers.read(type);
    local.type = init.type;
    if (!T.isComplete(local.type)) refuse(place, `the size of ${name} is not known here`);
    return [...core.takePending(), ...initStatements(variable(local, place), init)];
  }

  private vla(name: string, type: T.ArrayType, place: Place): Stmt[] {
    const { core } = this;
    if (core.is('=')) refuse(core.place, 'an array of variable length cannot be initialised');
    const pointer = core.addLocal(core.unique(name), T.pointerTo(type.of), place);
    core.scopes.declare(name, { kind: 'vla', type, pointer });
    const value: Expr = { kind: 'builtin', name: 'vla', type: pointer.type, place, args: [type.vlaBytes!] };
    const expr: Expr = { kind: 'assign', type: pointer.type, place, target: variable(pointer, place), value };
    return [{ kind: 'expr', expr, place }];
  }

  private compoundLiteral(type: T.CType, place: Place): Expr {
    const { core } = this;
    const init = this.initializers.read(type);
    if (core.function === null) {
      const global = core.addGlobal({ name: core.unique('.compound'), type: init.type, place, isStatic: true, align: 0, init: staticData(init), body: null, isLiteral: false }); // prettier-ignore
      return { kind: 'var', type: init.type, place, variable: global };
    }
    const local = core.addLocal(core.unique('compound'), init.type, place);
    const target = variable(local, place);
    return { kind: 'statements', type: init.type, place, body: initStatements(target, init), value: target };
  }

  private functionDefinition({ storage }: Specifiers, declared: Declared): void {
    const { core } = this;
    const type = declared.type as T.FunctionType;
    const global = this.global(declared.name!, type, declared.place, storage === 'static');
    if (global.body !== null) refuse(declared.place, `${declared.name} is defined a second time`);
    if (type.returns.kind === 'record' && type.returns.def.members === null)
      refuse(declared.place, 'the type returned is not complete');
    global.type = type;
    global.place = declared.place;
    const params = declared.params ?? [];
    const context: FunctionContext = {
      name: declared.name!,
      type,
      locals: [],
      labels: new Map(),
      switches: [],
      loops: 0,
      pending: [],
    };
    core.function = context;
    core.scopes.enter();
    for (const param of params) {
      if (param.name === '') refuse(param.place, 'the parameter of a function with a body needs a name');
      core.scopes.declare(param.name, param);
    }
    const { place } = core.next();
    // Its own scope is the parameters': C17 6.2.1.
    const body = this.statements.blockBody(place);
    core.scopes.leave(core.place);
    core.function = null;
    for (const { placed, label, place: used } of context.labels.values()) {
      if (!placed) refuse(used, `the label ${label.name} is nowhere in the function`);
    }
    global.body = { params, locals: context.locals, body, end: place };
  }
}
