import { expect, test } from 'vitest';
import { accelerator, ACTION_IDS, ACTIONS, keyText } from './actions.ts';

test('no key does two things, and every action has a title of its own', () => {
  const keys = ACTION_IDS.flatMap((id) => ACTIONS[id].keys);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  const titles = ACTION_IDS.map((id) => ACTIONS[id].title);
  expect(new Set(titles).size).toBe(titles.length);
});

test.each([
  [' ', 'Space', 'Space'],
  ['Shift+ ', 'Shift+Space', 'Shift+Space'],
  ['Ctrl++', 'Ctrl++', 'CmdOrCtrl+Plus'],
  ['Ctrl+-', 'Ctrl+-', 'CmdOrCtrl+-'],
  ['+', '+', 'Plus'],
  ['Ctrl+Shift+o', 'Ctrl+Shift+O', 'CmdOrCtrl+Shift+O'],
  ['ArrowRight', '→', 'Right'],
  ['PageDown', 'PgDn', 'PageDown'],
  ['?', '?', '?'],
])('the key %j is called %s, and %s in menus', (name, text, inMenus) => {
  expect([keyText(name), accelerator(name)]).toEqual([text, inMenus]);
});
