import type { Settings } from '../../engine/protocol/window-api.ts';
import type { JsonFile } from './json-file.ts';
import { DEFAULT_SETTINGS } from './settings-schema.ts';

/** The settings of this run. A theme forced from outside holds until a person chooses another and is never stored. */
export class SettingsStore {
  private stored: Settings;
  private readonly listeners: ((settings: Settings) => void)[] = [];

  constructor(
    private readonly file: Pick<JsonFile<Settings>, 'read' | 'write'>,
    private forcedTheme: 'light' | 'dark' | null,
  ) {
    this.stored = file.read() ?? DEFAULT_SETTINGS;
  }

  get(): Settings {
    return { ...this.stored, theme: this.forcedTheme ?? this.stored.theme };
  }

  change(change: Partial<Settings>): Settings {
    if (change.theme !== undefined) this.forcedTheme = null;
    this.stored = { ...this.stored, ...change };
    this.file.write(this.stored);
    const now = this.get();
    for (const listener of this.listeners) listener(now);
    return now;
  }

  onChange(listener: (settings: Settings) => void): void {
    this.listeners.push(listener);
  }
}
