import path from 'node:path';
import { app, Menu, nativeTheme, session, type BrowserWindow } from 'electron';
import { nextZoom } from '../engine/protocol/zoom.ts';
import { recentFiles, RecentFiles } from './files/recent.ts';
import { answers, openFile } from './ipc/handlers.ts';
import { listen, tell } from './ipc/listen.ts';
import type { Environment } from './launch/environment.ts';
import { Inbox } from './launch/inbox.ts';
import { QUIT_WRITES_MS } from './limits.ts';
import { menuTemplate } from './menu/template.ts';
import { LAB_URL } from './scheme/lab-url.ts';
import { serveFolder } from './scheme/serve.ts';
import { closeNetwork } from './security/network.ts';
import { denyDownloads } from './security/pages.ts';
import { denyPermissions } from './security/permissions.ts';
import { JsonFile } from './storage/json-file.ts';
import { PlaceKeeper } from './storage/place-keeper.ts';
import { place } from './storage/place-schema.ts';
import { SettingsStore } from './storage/settings.ts';
import { storedSettings } from './storage/settings-schema.ts';
import { sweep } from './storage/sweep.ts';
import { background } from './window/colours.ts';
import { comeBackAfterCrash } from './window/come-back.ts';
import { createWindow } from './window/create-window.ts';
import { windowState } from './window/window-state.ts';

/** Files in the user data folder that are the lab's own. */
const FILES = { settings: 'settings.json', window: 'window.json', place: 'place.json', recent: 'recent.json' } as const;

/** The running app: one window and what outlives it. */
export class Lab {
  private window: BrowserWindow | null = null;
  private readonly folder = app.getPath('userData');
  private readonly settingsFile = new JsonFile(path.join(this.folder, FILES.settings), storedSettings);
  private readonly windowFile = new JsonFile(path.join(this.folder, FILES.window), windowState);
  private readonly placeFile = new JsonFile(path.join(this.folder, FILES.place), place);
  private readonly recentFile = new JsonFile(path.join(this.folder, FILES.recent), recentFiles);
  private readonly places = new PlaceKeeper(this.placeFile);
  private readonly recent = new RecentFiles(this.recentFile, () => this.showMenu());
  private readonly settings: SettingsStore;
  private readonly inbox: Inbox;

  constructor(
    private readonly environment: Environment,
    file: string | null,
  ) {
    this.settings = new SettingsStore(this.settingsFile, environment.theme);
    this.inbox = new Inbox(file, (path) => void this.openInWindow(path));
    Menu.setApplicationMenu(null); // Electron would build a menu of its own first
  }

  /** Once the app is ready. */
  start(): void {
    performance.mark('faultline:ready');
    const development = !app.isPackaged;
    closeNetwork(session.defaultSession, development);
    denyPermissions(session.defaultSession);
    denyDownloads(session.defaultSession);
    serveFolder(path.join(app.getAppPath(), 'out', 'renderer'));
    listen(
      answers({
        scenarios: path.join(app.getAppPath(), 'scenarios'),
        inbox: this.inbox,
        places: this.places,
        settings: this.settings,
        recent: this.recent,
        window: () => this.window,
        introduces: this.environment.introduces,
      }),
      () => this.window,
    );
    this.followSettings();
    this.showWindow();
    this.showMenu();
    app.on('activate', () => this.window ?? this.showWindow());
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit();
    });
    this.endWell();
    void sweep(this.folder, Object.values(FILES));
  }

  /** The system or the menu asks to open a file. */
  open(file: string): void {
    this.inbox.deliver(file);
    if (!app.isReady()) return;
    if (!this.window) this.showWindow();
    this.window?.focus();
  }

  /** Somebody started the app a second time. */
  startedAgain(file: string | null): void {
    if (file !== null) this.inbox.deliver(file);
    if (!app.isReady()) return;
    if (!this.window) this.showWindow();
    if (this.window?.isMinimized()) this.window.restore();
    this.window?.focus();
  }

  private showWindow(): void {
    const window = createWindow({
      background: background(nativeTheme.shouldUseDarkColors),
      zoom: this.settings.get().zoom,
      contentSize: this.environment.window,
      state: this.windowFile,
    });
    performance.mark('faultline:window');
    this.window = window;
    window.once('show', () => performance.mark('faultline:shown'));
    window.on('closed', () => {
      this.window = null;
      this.inbox.pageGone();
    });
    window.on('session-end', () => this.places.endNow());
    window.webContents.on('did-start-loading', () => this.inbox.pageGone());
    window.webContents.on('dom-ready', () => window.webContents.setZoomFactor(this.settings.get().zoom));
    comeBackAfterCrash(window, () => this.places.forget());
    window.loadURL(LAB_URL).catch((error: unknown) => console.error('faultline: the page cannot be loaded:', error));
  }

  private async openInWindow(file: string): Promise<void> {
    tell(this.window, 'opened', await openFile(file, this.recent));
  }

  private followSettings(): void {
    const apply = () => {
      nativeTheme.themeSource = this.settings.get().theme;
      this.window?.webContents.setZoomFactor(this.settings.get().zoom);
    };
    apply();
    this.settings.onChange((settings) => {
      apply();
      tell(this.window, 'settings', settings);
    });
    nativeTheme.on('updated', () => this.window?.setBackgroundColor(background(nativeTheme.shouldUseDarkColors)));
  }

  private showMenu(): void {
    if (!app.isReady()) return;
    const template = menuTemplate(
      { platform: process.platform, recent: this.recent.list(), development: !app.isPackaged },
      {
        send: (action) => tell(this.window, 'menu', action),
        openRecent: (file) => this.open(file),
        clearRecent: () => this.recent.clear(),
        zoom: (direction) => void this.settings.change({ zoom: nextZoom(this.settings.get().zoom, direction) }),
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  /** What was chosen is on disk before the process ends, and the place is gone: the next start is an ordinary one. */
  private endWell(): void {
    app.once('will-quit', (event) => {
      event.preventDefault();
      const written = Promise.all([
        this.settingsFile.settle(),
        this.windowFile.settle(),
        this.recentFile.settle(),
        this.places.end(),
      ]);
      const patience = new Promise((resolve) => setTimeout(resolve, QUIT_WRITES_MS));
      void Promise.race([written, patience]).finally(() => app.exit());
    });
  }
}
