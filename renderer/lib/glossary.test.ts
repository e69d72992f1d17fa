import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TermFinder } from './find-terms.ts';
import { TERMS } from './glossary.ts';

const finder = new TermFinder(TERMS);
const found = (text: string): string[] => finder.split(text).flatMap(({ term }) => (term === null ? [] : [term.name]));

test('no word has two meanings, and each meaning is a short sentence with its source', () => {
  const forms = TERMS.flatMap(({ name, forms }) => [name, ...forms]).map((form) => form.toLowerCase());
  expect(forms.filter((form, i) => forms.indexOf(form) !== i)).toEqual([]);
  for (const { name, means, source } of TERMS) {
    expect(means, name).toMatch(/\.$/);
    expect(means.length, name).toBeLessThanOrEqual(180);
    expect(source, name).not.toBe('');
  }
});

test('words are found whole, in plural, the longest first, and each once', () => {
  expect(found('Two processes, still one copy of every page.')).toEqual(['process', 'page']);
  expect(found('A page fault, then a page.')).toEqual(['page fault', 'page']);
  expect(found('The zero page and page tables')).toEqual(['zero page', 'page table']);
  expect(found('pages, another page')).toEqual(['page']);
});

test('names of commands and fields are no words', () => {
  expect(found('Data and text are free at the top.')).toEqual([]);
  expect(finder.first('data')?.name).toBe('data');
  expect(found('p0.rss == 5, touch_w, freed, p0.heap.top, free(p)')).toEqual([]);
});

test('the pieces add up to the text', () => {
  const words = fc.array(fc.constantFrom('page', 'fault', ' ', 's', '.', 'RSS', 'COW', 'copy-on-write', '(', 'x'));
  fc.assert(
    fc.property(words, (parts) => {
      const text = parts.join('');
      expect(
        finder
          .split(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(text);
    }),
  );
});

test('every sample of the legend and every figure of a process is explained', () => {
  const words = ['shared', 'zero page', 'not present', 'in swap', 'read-only', 'page table', 'file cache', 'free'];
  const figures = ['RSS 6', 'PSS 3.5', 'commit 21', 'minflt 6', 'majflt 0', 'kernel half', '47 TiB unmapped'];
  for (const word of [...words, ...figures]) expect(finder.first(word), word).not.toBeNull();
});
