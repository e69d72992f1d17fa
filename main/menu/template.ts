import type { MenuItemConstructorOptions } from 'electron';
import { accelerator, ACTIONS, type ActionId } from '../../engine/protocol/actions.ts';

export interface MenuActions {
  /** The window acts on it. */
  readonly send: (action: ActionId) => void;
  readonly openRecent: (file: string) => void;
  readonly clearRecent: () => void;
  /** A factor step up or down, or 0 for 100 %. */
  readonly zoom: (direction: 1 | -1 | 0) => void;
}

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  readonly recent: readonly string[];
  readonly development: boolean;
}

/** What each menu takes from the table of actions; null is a line between them. */
type Entries = readonly (readonly [label: string, id: ActionId] | null)[];
const BOARDS_MENU: Entries = [
  ['Physical &Memory', 'view.ram'],
  ['&Heap of a Process', 'view.heap'],
  ['&Way Through the Page Tables', 'view.walk'],
  ['&Diagrams', 'view.charts'],
  ['&C Program', 'program.show'],
  null,
  ['Time&line', 'view.timeline'],
  ['C&onsole, Events, Inspector', 'view.lower'],
  null,
  ['Switch &Light/Dark', 'theme.toggle'],
];
const PLAY_MENU: Entries = [
  ['&Next Step', 'player.next'],
  ['&Previous Step', 'player.previous'],
  ['Next &Chapter', 'player.nextChapter'],
  ['Pr&evious Chapter', 'player.previousChapter'],
  ['&First Step', 'player.first'],
  ['&Last Step', 'player.last'],
  null,
  ['P&lay / Pause', 'player.playPause'],
  ['&Slower', 'player.slower'],
  ['F&aster', 'player.faster'],
];
const HELP_MENU: Entries = [
  ['&Command Palette…', 'help.palette'],
  ['&Help', 'help.show'],
  ['&Words', 'help.words'],
  ['&Keyboard Shortcuts', 'help.keys'],
  ['&Introduction', 'help.introduction'],
  ['How &True Is This?', 'help.truth'],
];

/** The application menu as data. */
export function menuTemplate(facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions[] {
  const mac = facts.platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileMenu(facts, actions, mac) },
    { role: 'editMenu' },
    { label: '&View', submenu: viewMenu(facts, actions, mac) },
    { label: '&Play', submenu: items(PLAY_MENU, actions, mac) },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: '&Help', submenu: items(HELP_MENU, actions, mac) },
  ];
}

function fileMenu({ recent }: MenuFacts, actions: MenuActions, mac: boolean): MenuItemConstructorOptions[] {
  const files = recent.map((file) => ({ label: escapeMnemonic(file), click: () => actions.openRecent(file) }));
  return [
    item('&Open…', 'scenario.open', actions, mac),
    item('&Lessons…', 'scenario.lessons', actions, mac),
    item('&Machine…', 'lab.machine', actions, mac),
    item('&Settings…', 'lab.settings', actions, mac),
    {
      label: 'Open &Recent',
      enabled: files.length > 0,
      submenu: [...files, { type: 'separator' }, { label: 'Clear', click: actions.clearRecent }],
    },
    { type: 'separator' },
    mac ? { role: 'close' } : { role: 'quit' },
  ];
}

function viewMenu({ development }: MenuFacts, actions: MenuActions, mac: boolean): MenuItemConstructorOptions[] {
  return [
    ...items(BOARDS_MENU, actions, mac),
    { type: 'separator' },
    { label: 'Zoom &In', accelerator: 'CmdOrCtrl+Plus', click: () => actions.zoom(1) },
    // The same key without Shift, where + stands above =.
    {
      label: 'Zoom In',
      accelerator: 'CmdOrCtrl+=',
      visible: false,
      acceleratorWorksWhenHidden: true,
      click: () => actions.zoom(1),
    },
    { label: 'Zoom &Out', accelerator: 'CmdOrCtrl+-', click: () => actions.zoom(-1) },
    { label: '&Actual Size', accelerator: 'CmdOrCtrl+0', click: () => actions.zoom(0) },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    { role: 'reload' },
    ...(development ? [{ role: 'toggleDevTools' } as const] : []),
  ];
}

function items(entries: Entries, actions: MenuActions, mac: boolean): MenuItemConstructorOptions[] {
  return entries.map((entry) => (entry === null ? { type: 'separator' } : item(...entry, actions, mac)));
}

/**
 * An action with its first key. Keys with Ctrl are the menu's where the page does not take them; plain keys are shown
 * but not taken: they belong to the focused widget first, and the page decides. macOS cannot show a key without taking
 * it.
 */
function item(label: string, id: ActionId, actions: MenuActions, mac: boolean): MenuItemConstructorOptions {
  const click = (): void => actions.send(id);
  const [key] = ACTIONS[id].keys;
  if (key === undefined) return { label, click };
  if (key.startsWith('Ctrl+')) return { label, accelerator: accelerator(key), click };
  return mac ? { label, click } : { label, accelerator: accelerator(key), registerAccelerator: false, click };
}

/** A single & in a label would underline the next letter. */
function escapeMnemonic(text: string): string {
  return text.replaceAll('&', '&&');
}
