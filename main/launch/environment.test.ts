import path from 'node:path';
import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

test('nothing set', () => {
  expect(readEnvironment({})).toEqual({ userData: null, theme: null, window: null, introduces: true });
});

test('everything set', () => {
  const env = { FAULTLINE_USER_DATA: 'data', FAULTLINE_THEME: 'dark', FAULTLINE_WINDOW: '1280x720' };
  expect(readEnvironment(env)).toEqual({
    userData: path.resolve('data'),
    theme: 'dark',
    window: { width: 1280, height: 720 },
    introduces: false,
  });
});

test('the introduction is for people: runs with a folder of their own have to ask for it', () => {
  expect(readEnvironment({ FAULTLINE_USER_DATA: 'data', FAULTLINE_INTRO: 'on' }).introduces).toBe(true);
  expect(readEnvironment({ FAULTLINE_INTRO: 'off' }).introduces).toBe(false);
});

test.each(['', 'system', 'DARK', 'pink'])('theme %j counts as not set', (theme) => {
  expect(readEnvironment({ FAULTLINE_THEME: theme }).theme).toBeNull();
});

test.each(['', '1280', '1280x', 'x720', '12x720', '1280x720x1', '-1280x720', '1e9x720', '999999x720'])(
  'size %j counts as not set',
  (size) => {
    expect(readEnvironment({ FAULTLINE_WINDOW: size }).window).toBeNull();
  },
);
