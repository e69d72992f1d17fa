import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SHOW_AT_LATEST_MS } from '../limits.ts';
import { showWhenPainted } from './show-when-painted.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function shown() {
  const window = new EventEmitter();
  const show = vi.fn();
  showWhenPainted(window, show);
  return { window, show };
}

test('a painted window is shown at once, and once', () => {
  const { window, show } = shown();
  window.emit('ready-to-show');
  expect(show).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(SHOW_AT_LATEST_MS);
  expect(show).toHaveBeenCalledTimes(1);
});

test('a window that never says it is painted is shown all the same', () => {
  const { window, show } = shown();
  vi.advanceTimersByTime(SHOW_AT_LATEST_MS - 1);
  expect(show).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  window.emit('ready-to-show');
  expect(show).toHaveBeenCalledTimes(1);
});

test('a window that was closed before is not touched', () => {
  const { window, show } = shown();
  window.emit('closed');
  vi.advanceTimersByTime(SHOW_AT_LATEST_MS);
  expect(show).not.toHaveBeenCalled();
});
