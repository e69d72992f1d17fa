import { expect, test } from 'vitest';
import { placeWindow, type Box, type WindowState } from './window-state.ts';

const desk: Box = { x: 0, y: 0, width: 1920, height: 1040 };
const left: Box = { x: -2560, y: -200, width: 2560, height: 1440 };
const small: Box = { x: 0, y: 0, width: 1024, height: 700 };
const state = (x: number, y: number, width = 1200, height = 800, maximized = false): WindowState => ({
  x,
  y,
  width,
  height,
  maximized,
});

test.each<[what: string, remembered: WindowState | null, areas: Box[], placed: WindowState]>([
  ['nothing remembered: in the middle', null, [desk], state(240, 70, 1440, 900)],
  ['as it was', state(100, 50), [desk], state(100, 50)],
  ['on the second display', state(-2000, -100), [desk, left], state(-2000, -100)],
  ['its display is gone: in the middle', state(-2000, -100), [desk], state(240, 70, 1440, 900)],
  ['partly outside, can be grabbed', state(1800, 50), [desk], state(1800, 50)],
  ['too far right', state(1801, 50), [desk], state(240, 70, 1440, 900)],
  ['title bar above the display', state(100, -1), [desk], state(240, 70, 1440, 900)],
  ['title bar below the display', state(100, 1009), [desk], state(240, 70, 1440, 900)],
  ['larger than the display is now', state(0, 0, 3000, 2000), [desk], state(0, 0, 1920, 1040)],
  ['smaller than allowed', state(0, 0, 300, 200), [desk], state(0, 0, 960, 600)],
  ['a small display', null, [small], state(0, 0, 1024, 700)],
  ['maximized stays, wherever it was', state(9000, 0, 1200, 800, true), [desk], state(240, 70, 1440, 900, true)],
  ['no display at all', null, [], state(0, 0, 1440, 900)],
])('%s', (_what, remembered, areas, placed) => {
  expect(placeWindow(remembered, areas)).toEqual(placed);
});
