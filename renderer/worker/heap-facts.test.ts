import { expect, test } from 'vitest';
import { lab } from '../../engine/testing/fixtures.ts';
import { heapFacts } from './heap-facts.ts';
import { inspect } from './inspect.ts';

test('the inspector names the chunks of a heap page, and a mapped block', () => {
  const l = lab({ ramPages: 1024 });
  l.run('p0 malloc a 100', 'p0 malloc b 50', 'p0 malloc m 200000', 'p0 free b');
  const page = l.k.regions.find(({ name }) => name === 'heap')!.page;
  expect(heapFacts(l.k, 0, page).map(({ value }) => value)).toEqual([
    '656 bytes, in use by the allocator itself',
    'a: 112 bytes, in use, 100 asked for',
    'b: 64 bytes, free, in the thread’s cache',
    '134336 bytes, the top, not given out yet',
  ]);
  const mapping = l.k.regions.find(({ name }) => name === 'map1')!.page;
  expect(heapFacts(l.k, 0, mapping + 3)).toEqual([
    { name: 'block', value: '200000 bytes asked for, in a mapping of its own' },
  ]);
  expect(inspect(l.k, { kind: 'page', pid: 0, page })!.facts.map(({ name }) => name)).toContain('chunk');
  expect(heapFacts(l.k, 0, page + 900)).toEqual([]);
});
