import { refuse, type Place } from '../source/place.ts';
import { TEXT_START } from '../cpu/isa.ts';
import type { Global, Program } from '../syntax/ast.ts';
import { sizeOf, variableAlign, type CType } from '../types/types.ts';
import { compileFunction } from './compile.ts';
import { Emitter, type LineEntry, type StopPoint } from './emitter.ts';
import type { FunctionUnit } from './function.ts';
import type { Note } from './notes.ts';

const PAGE = 4096;
const pageUp = (n: number): number => Math.ceil(n / PAGE) * PAGE;

/** A function or variable of the program in its place. */
export interface Symbol {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly type: CType;
  /** Of a function that was compiled: its variables' places. */
  readonly unit: FunctionUnit | null;
  /** Declared by the program's own text, not by the library's. */
  readonly own: boolean;
}

/** `// faultline: secret NAME [BYTES]` */
export interface SecretComment {
  readonly line: number;
  /** A variable, or a path such as `s.key`. */
  readonly name: string;
  /** null: as many as the variable has. */
  readonly bytes: number | null;
}

/** A variable with static storage, also one that no name of its own leads to. */
export interface PlacedVariable {
  readonly name: string;
  readonly address: number;
  readonly size: number;
  readonly type: CType;
  readonly line: number;
}

/** A program that can be loaded. Sections follow each other from TEXT_START, each from a page of its own but the bss. */
export interface Image {
  readonly text: Uint8Array;
  readonly rodata: Uint8Array;
  readonly data: Uint8Array;
  readonly rodataStart: number;
  readonly dataStart: number;
  /** The bss follows the data at once; its last page ends the program. */
  readonly bssStart: number;
  readonly end: number;
  readonly symbols: ReadonlyMap<string, Symbol>;
  readonly lines: readonly LineEntry[];
  readonly stops: readonly StopPoint[];
  /** Comments that mark bytes as secret. */
  readonly secrets: readonly SecretComment[];
  /** Of the data and the bss, by ascending address. */
  readonly variables: readonly PlacedVariable[];
  /** What instructions do in the words of C, by offset. */
  readonly notes: ReadonlyMap<number, Note>;
  readonly textStart: number;
}

export interface LinkOptions {
  /** The program's own unit first: its definitions win over those of the library's C part. */
  readonly units: readonly Program[];
  /** Functions that are wanted whether or not something calls them. */
  readonly roots: readonly string[];
  /** The number of a library function, or null. */
  readonly numberOf: (name: string) => number | null;
  /** A test's: arrays of variable length stay on the stack until the function returns. */
  readonly arraysPileUp?: boolean;
  readonly secrets?: readonly SecretComment[];
  /** Where to report that main is missing. */
  readonly start: Place;
}

/** Puts a program together from the units. @throws Refusal when something that is used is nowhere defined */
export function link(options: LinkOptions): Image {
  return new Linker(options).link();
}

interface Placed {
  readonly global: Global;
  readonly offset: number;
}

class Linker {
  private readonly out = new Emitter();
  private readonly definitions = new Map<string, Global>();
  private readonly functions = new Map<Global, { start: number; end: number; unit: FunctionUnit | null }>();
  private readonly variables = new Set<Global>();
  private readonly queue: Global[] = [];

  constructor(private readonly options: LinkOptions) {
    for (const unit of options.units) {
      for (const global of unit.globals) {
        if (isDefined(global) && !global.isStatic && !this.definitions.has(global.name))
          this.definitions.set(global.name, global);
      }
    }
  }

  link(): Image {
    const { options } = this;
    this.out.arraysPileUp = options.arraysPileUp ?? false;
    if (!this.definitions.has('main')) refuse(options.start, 'the program has no main');
    for (const name of options.roots) this.need(this.named(name), options.start);
    for (const global of options.units[0]!.globals) {
      if (isDefined(global) && !global.isLiteral && !global.place.file.startsWith('<')) this.need(global, global.place);
    }
    let scanned = 0;
    for (let global = this.queue.shift(); global !== undefined; global = this.queue.shift()) {
      if (global.type.kind === 'function') this.compile(global);
      else for (const { target } of global.init!.relocations) this.need(target, global.place);
      for (; scanned < this.out.references.length; scanned++) {
        const { global: used, place } = this.out.references[scanned]!;
        this.need(used, place);
      }
    }
    return this.layOut();
  }

  private named(name: string): Global {
    const declared = this.options.units.flatMap((unit) => unit.globals).find((global) => global.name === name);
    return this.definitions.get(name) ?? declared!;
  }

  /** The definition that a declaration stands for. */
  private resolve(global: Global): Global {
    if (isDefined(global)) return global;
    return this.definitions.get(global.name) ?? global;
  }

  private need(declared: Global, place: Place): void {
    const global = this.resolve(declared);
    if (global.type.kind === 'function') {
      if (this.functions.has(global)) return;
      if (global.body === null && this.options.numberOf(global.name) === null) {
        refuse(
          place,
          `the function ${global.name} is declared but nowhere defined, and the lab’s library has none of that name`,
        );
      }
      this.functions.set(global, { start: -1, end: -1, unit: null });
    } else {
      if (this.variables.has(global)) return;
      if (global.init === null) refuse(place, `the variable ${global.name} is declared extern but nowhere defined`);
      this.variables.add(global);
    }
    this.queue.push(global);
  }

  private compile(global: Global): void {
    const { out } = this;
    const start = out.offset;
    let unit: FunctionUnit | null = null;
    if (global.body !== null) unit = compileFunction(global, out);
    else {
      out.place = global.place;
      out.emit('LIBRARY', 0, 0, 0, this.options.numberOf(global.name)!);
      out.emit('RET');
    }
    this.functions.set(global, { start, end: out.offset, unit });
  }

  private layOut(): Image {
    const words = this.out.finish();
    const sorted = [...this.variables].filter((global) => sizeOf(global.type) > 0 || global.init!.bytes.length > 0);
    const empty = [...this.variables].filter((global) => !sorted.includes(global));
    const isZero = ({ init }: Global): boolean =>
      init!.bytes.every((byte) => byte === 0) && init!.relocations.length === 0;
    const rodata = place(sorted.filter(isReadOnly), pageUp(words.length * 4));
    const data = place(
      sorted.filter((global) => !isReadOnly(global) && !isZero(global)),
      pageUp(rodata.end),
    );
    const bss = place([...sorted.filter((global) => !isReadOnly(global) && isZero(global)), ...empty], data.end);
    const offsets = new Map<Global, number>();
    for (const { global, offset } of [...rodata.placed, ...data.placed, ...bss.placed]) offsets.set(global, offset);
    for (const [global, { start }] of this.functions) offsets.set(global, start);
    for (const { at, global, addend } of this.out.references)
      words[at / 4 + 1] = offsets.get(this.resolve(global))! + addend;
    const bytesOf = (section: { start: number; end: number; placed: readonly Placed[] }): Uint8Array => {
      const bytes = new Uint8Array(section.end - section.start);
      const view = new DataView(bytes.buffer);
      for (const { global, offset } of section.placed) {
        bytes.set(global.init!.bytes, offset - section.start);
        for (const relocation of global.init!.relocations) {
          const address = BigInt(TEXT_START + offsets.get(this.resolve(relocation.target))! + relocation.addend);
          view.setBigInt64(offset - section.start + relocation.offset, address, true);
        }
      }
      return bytes;
    };
    return {
      text: new Uint8Array(words.buffer),
      rodata: bytesOf(rodata),
      data: bytesOf(data),
      rodataStart: TEXT_START + rodata.start,
      dataStart: TEXT_START + data.start,
      bssStart: TEXT_START + data.end,
      end: TEXT_START + pageUp(bss.end),
      symbols: this.symbols(offsets),
      lines: this.out.lines,
      stops: this.out.stops,
      secrets: this.options.secrets ?? [],
      variables: [...data.placed, ...bss.placed].map(({ global, offset }) => ({
        name: global.name,
        address: TEXT_START + offset,
        size: Math.max(sizeOf(global.type), global.init!.bytes.length),
        type: global.type,
        line: global.place.line,
      })),
      notes: this.out.notes,
      textStart: TEXT_START,
    };
  }

  private symbols(offsets: ReadonlyMap<Global, number>): Map<string, Symbol> {
    const symbols = new Map<string, Symbol>();
    for (const [global, offset] of offsets) {
      const code = this.functions.get(global);
      const size = code === undefined ? sizeOf(global.type) : code.end - code.start;
      const symbol = {
        name: global.name,
        address: TEXT_START + offset,
        size,
        type: global.type,
        unit: code?.unit ?? null,
        own: !global.place.file.startsWith('<'),
      };
      if (!symbols.has(global.name)) symbols.set(global.name, symbol);
    }
    return symbols;
  }
}

const isDefined = (global: Global): boolean =>
  global.type.kind === 'function' ? global.body !== null : global.init !== null;

function isReadOnly({ type, isLiteral }: Global): boolean {
  let inner: CType = type;
  while (inner.kind === 'array') inner = inner.of;
  return isLiteral || inner.isConst === true;
}

/** Places for variables one behind the other. */
function place(globals: readonly Global[], start: number): { start: number; end: number; placed: Placed[] } {
  let at = start;
  const placed = globals.map((global) => {
    const align = Math.max(variableAlign(global.type), global.align);
    at = Math.ceil(at / align) * align;
    const offset = at;
    at += Math.max(sizeOf(global.type), global.init!.bytes.length);
    return { global, offset };
  });
  return { start, end: at, placed };
}
