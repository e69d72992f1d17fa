import { expect, test } from 'vitest';
import { Inbox } from './inbox.ts';

function inbox(commandLine: string | null) {
  const sent: string[] = [];
  return { sent, box: new Inbox(commandLine, (file) => sent.push(file)) };
}

test('the command line is what the first page begins with, once', () => {
  const { box, sent } = inbox('a');
  expect(box.take()).toBe('a');
  expect(box.take()).toBeNull();
  expect(sent).toEqual([]);
});

test('a file that comes before the page asks is what it begins with', () => {
  const { box, sent } = inbox('a');
  box.deliver('b');
  expect(box.take()).toBe('b');
  expect(sent).toEqual([]);
});

test('a listening page is told at once', () => {
  const { box, sent } = inbox(null);
  box.take();
  box.deliver('b');
  expect(sent).toEqual(['b']);
  expect(box.take()).toBeNull();
});

test('a file that comes during a reload waits for the new page', () => {
  const { box, sent } = inbox(null);
  box.take();
  box.pageGone();
  box.deliver('b');
  expect(sent).toEqual([]);
  expect(box.take()).toBe('b');
});
