import type { MenuItemConstructorOptions } from 'electron';
import type { MenuAction } from '../../engine/protocol/window-api.ts';

export interface MenuActions {
  /** The window acts on it. */
  readonly send: (action: MenuAction) => void;
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

/** The application menu as data. */
export function menuTemplate(facts: MenuFacts, actions: MenuActions): MenuItemConstructorOptions[] {
  const mac = facts.platform === 'darwin';
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileMenu(facts, actions, mac) },
    { role: 'editMenu' },
    { label: '&View', submenu: viewMenu(facts, actions) },
    { label: '&Play', submenu: playMenu(actions, mac) },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', label: '&Help', submenu: [shown('Keyboard Shortcuts', '?', mac, () => actions.send('help.keys'))] },
  ];
}

function fileMenu({ recent }: MenuFacts, actions: MenuActions, mac: boolean): MenuItemConstructorOptions[] {
  const files = recent.map((file) => ({ label: escapeMnemonic(file), click: () => actions.openRecent(file) }));
  return [
    { label: '&Open…', accelerator: 'CmdOrCtrl+O', click: () => actions.send('scenario.open') },
    {
      label: 'Open &Recent',
      enabled: files.length > 0,
      submenu: [...files, { type: 'separator' }, { label: 'Clear', click: actions.clearRecent }],
    },
    { type: 'separator' },
    mac ? { role: 'close' } : { role: 'quit' },
  ];
}

function viewMenu({ development }: MenuFacts, actions: MenuActions): MenuItemConstructorOptions[] {
  return [
    { label: 'Switch &Light/Dark', accelerator: 'CmdOrCtrl+Shift+L', click: () => actions.send('theme.toggle') },
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

function playMenu(actions: MenuActions, mac: boolean): MenuItemConstructorOptions[] {
  return [
    shown('&Next Step', 'Right', mac, () => actions.send('player.next')),
    shown('&Previous Step', 'Left', mac, () => actions.send('player.previous')),
    shown('&First Step', 'Home', mac, () => actions.send('player.first')),
    shown('&Last Step', 'End', mac, () => actions.send('player.last')),
    { type: 'separator' },
    { label: 'P&lay / Pause', click: () => actions.send('player.playPause') },
  ];
}

/**
 * An item whose key is shown but not taken: plain keys belong to the focused widget first, and the page decides. macOS
 * cannot show a key without taking it.
 */
function shown(label: string, key: string, mac: boolean, click: () => void): MenuItemConstructorOptions {
  return mac ? { label, click } : { label, accelerator: key, registerAccelerator: false, click };
}

/** A single & in a label would underline the next letter. */
function escapeMnemonic(text: string): string {
  return text.replaceAll('&', '&&');
}
