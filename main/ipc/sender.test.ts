import { expect, test } from 'vitest';
import { isOurPage, type SenderFrame } from './sender.ts';

const ours: SenderFrame = { url: 'app://lab/', processId: 4, routingId: 1 };

test.each<[what: string, sender: SenderFrame | null, main: SenderFrame | null, trusted: boolean]>([
  ['our page', { ...ours }, ours, true],
  ['our page at another of its addresses', { ...ours, url: 'app://lab/index.html#x' }, ours, true],
  ['a frame inside our page', { ...ours, routingId: 2 }, ours, false],
  ['a frame of another process', { ...ours, processId: 5 }, ours, false],
  ['our frame at another address', { ...ours, url: 'https://example.org/' }, ours, false],
  ['our frame at another host of the scheme', { ...ours, url: 'app://other/' }, ours, false],
  ['our frame, empty', { ...ours, url: 'about:blank' }, ours, false],
  ['a frame that is gone', null, ours, false],
  ['anybody while we have no window', ours, null, false],
])('%s: %s', (_what, sender, main, trusted) => {
  expect(isOurPage(sender, main)).toBe(trusted);
});
