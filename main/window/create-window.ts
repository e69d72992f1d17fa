import path from 'node:path';
import { app, BrowserWindow, screen, type BrowserWindowConstructorOptions, type Rectangle } from 'electron';
import { MIN_WINDOW } from '../limits.ts';
import type { JsonFile } from '../storage/json-file.ts';
import { type Showable, showWhenPainted } from './show-when-painted.ts';
import { placeWindow, type WindowState } from './window-state.ts';

export interface WindowWishes {
  readonly background: string;
  readonly zoom: number;
  /** Size of the content when a test or a demonstration asks for one; nothing is remembered then. */
  readonly contentSize: { readonly width: number; readonly height: number } | null;
  readonly state: JsonFile<WindowState>;
}

/** The lab's window, not shown yet and without a page: the caller guards it first, then loads. */
export function createWindow({ background, zoom, contentSize, state }: WindowWishes): BrowserWindow {
  const placed = contentSize ? null : placeWindow(state.read(), workAreas());
  const window = new BrowserWindow({
    ...(contentSize ? { ...contentSize, useContentSize: true } : box(placed)),
    minWidth: MIN_WINDOW.width,
    minHeight: MIN_WINDOW.height,
    show: false,
    title: 'Faultline',
    backgroundColor: background,
    autoHideMenuBar: true,
    webPreferences: {
      preload: path.join(app.getAppPath(), 'out', 'preload', 'index.cjs'),
      // app.enableSandbox() would say it for all windows, but ends Electron at once when root starts it.
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      zoomFactor: zoom,
    },
  });
  showWhenPainted(window as Showable, () => {
    if (placed?.maximized) window.maximize();
    window.show();
  });
  if (placed) remember(window, state);
  return window;
}

function box(placed: WindowState | null): BrowserWindowConstructorOptions {
  return placed ? { x: placed.x, y: placed.y, width: placed.width, height: placed.height } : {};
}

function workAreas(): Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}

function remember(window: BrowserWindow, state: JsonFile<WindowState>): void {
  const write = () => state.write({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  window.on('resize', write);
  window.on('move', write);
  window.on('maximize', write);
  window.on('unmaximize', write);
}
