import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { menuTemplate, type MenuFacts } from './template.ts';

function menu(facts: Partial<MenuFacts> = {}) {
  const said: string[] = [];
  const template = menuTemplate(
    { platform: 'linux', recent: [], development: false, ...facts },
    {
      send: (action) => said.push(action),
      openRecent: (file) => said.push(`open ${file}`),
      clearRecent: () => said.push('clear'),
      zoom: (direction) => said.push(`zoom ${direction}`),
    },
  );
  return { said, items: template.flatMap(flatten) };
}

function flatten(item: MenuItemConstructorOptions): MenuItemConstructorOptions[] {
  return [item, ...(Array.isArray(item.submenu) ? item.submenu.flatMap(flatten) : [])];
}

function click(items: MenuItemConstructorOptions[]): void {
  for (const item of items) (item.click as (() => void) | undefined)?.();
}

test('every item says what it is for', () => {
  const { said, items } = menu({ recent: ['/a.yaml'] });
  click(items);
  expect(said).toEqual([
    'scenario.open',
    'scenario.lessons',
    'lab.machine',
    'lab.settings',
    'open /a.yaml',
    'clear',
    'view.ram',
    'view.heap',
    'view.walk',
    'view.charts',
    'program.show',
    'view.timeline',
    'view.lower',
    'theme.toggle',
    'zoom 1',
    'zoom 1',
    'zoom -1',
    'zoom 0',
    'player.next',
    'player.previous',
    'player.nextChapter',
    'player.previousChapter',
    'player.first',
    'player.last',
    'player.playPause',
    'player.slower',
    'player.faster',
    'help.palette',
    'help.show',
    'help.words',
    'help.keys',
    'help.introduction',
    'help.truth',
  ]);
});

test.each(['linux', 'win32', 'darwin'] as const)('no key is taken from the page or given twice on %s', (platform) => {
  const taken = menu({ platform })
    .items.filter((item) => item.accelerator && item.registerAccelerator !== false)
    .map((item) => String(item.accelerator));
  expect(taken.filter((key) => !/CmdOrCtrl/.test(key))).toEqual([]);
  expect(new Set(taken).size).toBe(taken.length);
});

test('developer tools are in the menu of development only', () => {
  const has = (development: boolean) => menu({ development }).items.some((item) => item.role === 'toggleDevTools');
  expect([has(true), has(false)]).toEqual([true, false]);
});

test('macOS has its own menus, and closes instead of quitting', () => {
  const roles = menu({ platform: 'darwin' }).items.map((item) => item.role);
  expect(roles).toEqual(expect.arrayContaining(['appMenu', 'windowMenu', 'close']));
  expect(roles).not.toContain('quit');
});

test('a path is shown as it is', () => {
  expect(menu({ recent: ['/R&D/a.yaml'] }).items.some((item) => item.label === '/R&&D/a.yaml')).toBe(true);
});
