import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ABORT_TEXTS, abortTextIndex } from './abort-texts.ts';

/** Texts that stand in the sources between quotes and are handed to abort. */
function saidInSources(): Set<string> {
  const said = new Set<string>();
  for (const name of readdirSync(new URL('.', import.meta.url))) {
    if (!name.endsWith('.ts') || name.includes('test') || name === 'abort-texts.ts') continue;
    const source = readFileSync(new URL(name, import.meta.url), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
    const abortCalls = source.matchAll(/abort\(h, '([^']+)'/g);
    const handedOn = source.matchAll(/(?:pushUnsorted|splitFree|mappingOf)\([^;]*?'([^']+)'\)/g);
    const named = source.matchAll(/(?:sizeComplaint|ringComplaint): '([^']+)'/g);
    for (const [, text] of [...abortCalls, ...handedOn, ...named]) said.add(text!);
  }
  for (const name of readdirSync(new URL('designs/', import.meta.url))) {
    if (!name.endsWith('-allocator.ts')) continue;
    const source = readFileSync(new URL(`designs/${name}`, import.meta.url), 'utf8');
    for (const [, call] of source.matchAll(/'([a-z_]+\(\))'/g)) said.add(`${call!}: no block in use starts there`);
  }
  return said;
}

test('every text with which the allocator ends a program has a number, and no other', () => {
  expect([...saidInSources()].sort()).toEqual([...ABORT_TEXTS.slice(1)].sort());
});

test('a message is found by its number, with its end of line or without', () => {
  expect(ABORT_TEXTS[abortTextIndex('free(): invalid size\n')]).toBe('free(): invalid size');
  expect(abortTextIndex('Fatal glibc error: malloc assertion failure in sysmalloc: x\n')).toBe(0);
});
