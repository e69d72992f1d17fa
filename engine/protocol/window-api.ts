/**
 * What the window may ask of Electron's main process, and nothing else: the preload puts an object of this
 * shape at `window.faultline`. Every call is checked in main for its sender and its arguments.
 */

import type { ActionId } from './actions.ts';

/** A value, or a stable code with a sentence a person can act on. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ApiErrorCode; readonly message: string };

export type ApiErrorCode =
  | 'cancelled' // the person closed the dialog
  | 'not-found'
  | 'unreadable' // no permission, not UTF-8 text, a folder without scenario.yaml
  | 'too-large' // over SCENARIO_BYTES
  | 'refused' // sender or argument check failed
  | 'failed'; // the lab itself is wrong: report it

/** A scenario's text and where it came from. */
export interface OpenedScenario {
  /** What error messages print in front of line:column: a path, or a bundled scenario's id. */
  readonly name: string;
  readonly text: string;
  readonly bundled: boolean;
  /** C programs that it names and that lie beside it, by their names. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface BundledScenario {
  /** Folder name below scenarios/. */
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Ids of the features it shows: A1, C12. */
  readonly features: readonly string[];
}

/** 'system' follows the desktop. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Where the window's parts end, and which of them are shown. */
export interface PaneSettings {
  /** The C pane's share of the width that it has with the picture: 0.2 to 0.8. */
  readonly code: number;
  /** Height of the console's row in rem, 5 to 40; null is as the window is high. */
  readonly lower: number | null;
  /** Shares of the console and of the events in their row; the inspector has the rest. 0.1 to 0.8. */
  readonly console: number;
  readonly events: number;
  readonly timelineShown: boolean;
  readonly lowerShown: boolean;
}

export interface Settings {
  readonly theme: ThemeChoice;
  /** High contrast; null follows the desktop. */
  readonly contrast: boolean | null;
  /** null follows the desktop's `prefers-reduced-motion`. */
  readonly reducedMotion: boolean | null;
  /** Zoom factor of the whole window, 1 = 100 %, from 0.5 to 3. Main applies it; the window only shows or asks. */
  readonly zoom: number;
  /** How fast steps follow each other while playing, 1 = reading speed, from 0.25 to 4. */
  readonly speed: number;
  /** The introduction of the first start has been seen or skipped. */
  readonly introduced: boolean;
  readonly panes: PaneSettings;
}

/** Which scenario at which step is open: kept by main so that a reload or a crash of the window comes back to it. */
export interface Place {
  readonly scenario: OpenedScenario;
  /** Steps done, from 0. */
  readonly step: number;
  /** Console commands typed beyond the script, in order, each with the step it was typed at. */
  readonly typed: readonly { readonly atStep: number; readonly text: string }[];
}

export interface AppInfo {
  readonly version: string;
  readonly electron: string;
  readonly chrome: string;
  /** True for the runtime that stands in where Electron's release cannot be had. */
  readonly fallbackRuntime: boolean;
  /** A first start begins with the introduction: not in tests and demonstrations, unless they ask for it. */
  readonly introduces: boolean;
}

export interface FaultlineApi {
  info(): Promise<Reply<AppInfo>>;
  /**
   * Where to begin, asked once by every page after it listens to `onOpened`. After a reload or a crash of the window
   * the place kept before; else the file given on the command line, at step 0; else, when the run before ended
   * abnormally, its place; else the tour at step 0. Not ok when the file on the command line cannot be read: show the
   * message and go on with the tour.
   */
  initial(): Promise<Reply<Place>>;
  scenarios: {
    /** The tour first, then by id. */
    list(): Promise<Reply<readonly BundledScenario[]>>;
    read(id: string): Promise<Reply<OpenedScenario>>;
    /** The system's open dialog. */
    openDialog(): Promise<Reply<OpenedScenario>>;
  };
  settings: {
    get(): Promise<Reply<Settings>>;
    /** Only the keys given change. Returns all settings as they are then. */
    set(change: Partial<Settings>): Promise<Reply<Settings>>;
  };
  place: {
    /** Cheap: main remembers at once and writes to disk a moment later. */
    keep(place: Place): Promise<Reply<null>>;
  };
  /** A second start of the app, the system, or the menu's list of recent files opened this. Returns what stops listening. */
  onOpened(listener: (opened: Reply<OpenedScenario>) => void): () => void;
  /** The application menu asks the window to do something. */
  onMenu(listener: (action: ActionId) => void): () => void;
  /** The settings changed, by `set` or by the menu (zoom). */
  onSettings(listener: (settings: Settings) => void): () => void;
}
