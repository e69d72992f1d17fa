import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { ok } from '../files/reply.ts';
import { answer } from './answer.ts';

const schema = v.strictTuple([v.strictObject({ zoom: v.number() })]);
const double = async ({ zoom }: { zoom: number }) => ok(zoom * 2);

test('a trusted question with right arguments is answered', async () => {
  expect(await answer('q', true, schema, double, [{ zoom: 2 }])).toEqual({ ok: true, value: 4 });
});

test('an untrusted sender is refused before its arguments are looked at', async () => {
  const handler = vi.fn(double);
  expect(await answer('q', false, schema, handler, [{ zoom: 2 }])).toMatchObject({ ok: false, code: 'refused' });
  expect(handler).not.toHaveBeenCalled();
});

test.each<[args: unknown[], where: RegExp]>([
  [[], /^q: 0 must be/],
  [[{ zoom: '2' }], /^q: 0\.zoom must be number\.$/],
  [[{ zoom: 2, more: 1 }], /^q: 0\.more must be never\.$/],
  [[{ zoom: 2 }, 1], /^q: 1 must be never\.$/],
  [[null], /^q: 0 must be Object\.$/],
])('%j is refused, with its place', async (args, where) => {
  const reply = await answer('q', true, schema, double, args);
  expect(reply).toMatchObject({ ok: false, code: 'refused', message: expect.stringMatching(where) });
});

test('a handler that throws becomes a reply', async () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
  const broken = (_change: { zoom: number }) => Promise.reject(new Error('disk on fire'));
  expect(await answer('q', true, schema, broken, [{ zoom: 2 }])).toEqual({
    ok: false,
    code: 'failed',
    message: 'q failed: disk on fire',
  });
  quiet.mockRestore();
});
