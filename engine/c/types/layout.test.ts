/** Layout of 500 random records, compared with gcc where there is one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../testing/random.ts';
import { layOut, type Field } from './layout.ts';
import * as T from './types.ts';

const hasGcc = spawnSync('gcc', ['--version']).status === 0;
const SCALARS = [
  T.CHAR,
  T.UCHAR,
  T.SHORT,
  T.INT,
  T.UINT,
  T.LONG,
  T.ULLONG,
  T.BOOL,
  T.FLOAT,
  T.DOUBLE,
  T.pointerTo(T.CHAR),
];
const UNITS = [T.CHAR, T.UCHAR, T.SHORT, T.USHORT, T.INT, T.UINT, T.LONG, T.ULONG];

interface Sample {
  readonly text: string;
  readonly type: T.RecordType;
  readonly packed: boolean;
}

function randomRecord(random: Random, index: number, earlier: readonly Sample[]): Sample {
  const isUnion = random.chance(0.2);
  const packed = random.chance(0.12);
  const fields: Field[] = [];
  const lines: string[] = [];
  const count = random.integer(1, 8);
  for (let i = 0; i < count; i++) {
    const name = `m${i}`;
    const kind = random.integer(0, 9);
    if (kind < 3 && !packed) {
      const type = random.pick(UNITS);
      const width = random.integer(0, type.size * 8);
      fields.push({ name: width === 0 || random.chance(0.16) ? null : name, type, width });
      lines.push(`${T.typeName(type)} ${fields.at(-1)!.name ?? ''}:${width};`);
    } else if (kind < 5) {
      const type = random.pick(SCALARS);
      const length = random.integer(1, 5);
      fields.push({ name, type: T.arrayOf(type, length), width: null });
      lines.push(`${T.typeName(type)} ${name}[${length}];`);
    } else if (kind === 5 && earlier.length > 0) {
      const at = random.integer(0, earlier.length - 1);
      fields.push({ name, type: earlier[at]!.type, width: null });
      lines.push(`${T.typeName(earlier[at]!.type)} ${name};`);
    } else {
      const type = random.pick(SCALARS);
      const align = random.chance(0.12) ? 2 ** random.integer(0, 5) : null;
      const aligned = align !== null && align >= T.alignOf(type) ? { align } : {};
      fields.push({ name, type, width: null, ...aligned });
      lines.push(`${'align' in aligned ? `_Alignas(${align}) ` : ''}${T.typeName(type)} ${name};`);
    }
  }
  if (!isUnion && random.chance(0.12) && fields.some((field) => field.name !== null)) {
    fields.push({ name: 'tail', type: T.arrayOf(T.INT, null), width: null });
    lines.push('int tail[];');
  }
  if (!fields.some((field) => field.name !== null)) {
    fields.push({ name: 'last', type: T.CHAR, width: null });
    lines.push('char last;');
  }
  const def: T.RecordDef = { isUnion, tag: `r${index}`, members: null, size: 0, align: 1 };
  layOut(def, fields, packed);
  const word = isUnion ? 'union' : 'struct';
  const attribute = packed ? ' __attribute__((packed))' : '';
  return { text: `${word} r${index} { ${lines.join(' ')} }${attribute};`, type: { kind: 'record', def }, packed };
}

/** The line that gcc's program prints for the record: size, alignment, then each member's place. */
function oursOf({ def }: T.RecordType): string {
  const places = def.members!.map((m) => {
    if (m.bits === null) return `${m.name}@${m.offset}`;
    const mask = ((1n << BigInt(m.bits.width)) - 1n) << BigInt(m.bits.shift);
    const bytes = Array.from({ length: def.size }, (_, i) => {
      const inUnit = i - m.offset;
      return inUnit < 0 || inUnit >= m.bits!.unit ? 0 : Number((mask >> BigInt(inUnit * 8)) & 0xffn);
    });
    return `${m.name}:${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  });
  return [def.tag, def.size, def.align, ...places].join(' ');
}

function probe({ text, type }: Sample): string {
  const { def } = type;
  const name = `${def.isUnion ? 'union' : 'struct'} ${def.tag}`;
  const parts = def.members!.map((m) =>
    m.bits === null
      ? `printf(" ${m.name}@%zu", offsetof(${name}, ${m.name}));`
      : `{ ${name} x; memset(&x, 0, sizeof x); x.${m.name} = -1; printf(" ${m.name}:"); dump(&x, sizeof x); }`,
  );
  return `static void ${def.tag}(void) { ${text} printf("${def.tag} %zu %zu", sizeof(${name}), _Alignof(${name})); ${parts.join(' ')} puts(""); }`;
}

describe('the layout of records', () => {
  it.skipIf(!hasGcc)('is that of gcc for 500 random structs and unions (skipped without gcc)', () => {
    const seed = 20_261;
    const random = new Random(seed);
    const samples: Sample[] = [];
    for (let i = 0; i < 500; i++) {
      samples.push(
        randomRecord(
          random,
          i,
          samples.slice(-5).filter((s) => !hasFlexible(s.type)),
        ),
      );
    }
    const folder = mkdtempSync(path.join(tmpdir(), 'layout-'));
    try {
      const main = `int main(void) { ${samples.map((s) => `${s.type.def.tag}();`).join(' ')} }`;
      const dump =
        'static void dump(void *p, size_t n) { for (size_t i = 0; i < n; i++) printf("%02x", ((unsigned char *)p)[i]); }';
      const declared = samples.map((s) => s.text).join('\n');
      const bodies = samples.map((s) => probe({ ...s, text: '' })).join('\n');
      const text = `#include <stdio.h>\n#include <stddef.h>\n#include <string.h>\n${dump}\n${declared}\n${bodies}\n${main}\n`;
      writeFileSync(path.join(folder, 'p.c'), text);
      execFileSync('gcc', ['-O0', '-w', '-o', path.join(folder, 'p'), path.join(folder, 'p.c')]);
      const theirs = execFileSync(path.join(folder, 'p'), { encoding: 'utf8' }).trim().split('\n');
      for (const [i, sample] of samples.entries()) {
        expect(oursOf(sample.type), `seed ${seed}: ${sample.text}`).toBe(theirs[i]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const struct = (fields: Field[]): T.RecordDef => {
    const def: T.RecordDef = { isUnion: false, tag: null, members: null, size: 0, align: 1 };
    layOut(def, fields, false);
    return def;
  };
  const plain = (name: string, type: T.CType): Field => ({ name, type, width: null });

  it('pads members to their alignment and the end to the largest', () => {
    const def = struct([plain('tag', T.CHAR), plain('value', T.DOUBLE), plain('id', T.SHORT)]);
    expect([def.members!.map((m) => m.offset), def.size, def.align]).toEqual([[0, 8, 16], 24, 8]);
  });

  it('lets bit-fields share a unit until one would cross its boundary', () => {
    const bits = (name: string | null, width: number): Field => ({ name, type: T.INT, width });
    const def = struct([bits('a', 30), bits('b', 3), bits(null, 0), bits('c', 1)]);
    const starts = def.members!.map((m) => m.offset * 8 + m.bits!.shift);
    expect([starts, def.size]).toEqual([[0, 32, 64], 12]);
  });

  it('counts a flexible array member for its alignment only', () => {
    const def = struct([plain('key', T.CHAR), plain('name', T.arrayOf(T.LONG, null))]);
    expect([def.members![1]!.offset, def.size]).toEqual([8, 8]);
  });
});

const hasFlexible = ({ def }: T.RecordType): boolean =>
  def.members!.some(({ type }) => type.kind === 'array' && type.length === null);
