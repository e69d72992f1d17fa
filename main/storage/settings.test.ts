import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { Settings } from '../../engine/protocol/window-api.ts';
import { DEFAULT_SETTINGS, storedSettings } from './settings-schema.ts';
import { SettingsStore } from './settings.ts';

function store(stored: Settings | null, forced: 'light' | 'dark' | null = null) {
  const written: Settings[] = [];
  return {
    written,
    settings: new SettingsStore({ read: () => stored, write: (value) => void written.push(value) }, forced),
  };
}

test('defaults without a file', () => {
  expect(store(null).settings.get()).toEqual(DEFAULT_SETTINGS);
});

test('only what is given changes; it is written and told', () => {
  const { settings, written } = store({ ...DEFAULT_SETTINGS, zoom: 2 });
  const told: Settings[] = [];
  settings.onChange((now) => told.push(now));
  const after = { ...DEFAULT_SETTINGS, theme: 'dark', zoom: 2 };
  expect(settings.change({ theme: 'dark' })).toEqual(after);
  expect([written, told]).toEqual([[after], [after]]);
});

test('a forced theme is shown and not written, until a person chooses', () => {
  const { settings, written } = store(null, 'dark');
  expect(settings.get().theme).toBe('dark');
  expect(settings.change({ zoom: 1.5 }).theme).toBe('dark');
  expect(written[0]?.theme).toBe('system');
  expect(settings.change({ theme: 'light' }).theme).toBe('light');
  expect(written[1]?.theme).toBe('light');
});

const CHOSEN: Settings = {
  theme: 'light',
  contrast: true,
  reducedMotion: true,
  zoom: 1.5,
  speed: 0.5,
  introduced: true,
  panes: { code: 0.4, lower: 12, console: 0.2, events: 0.5, timelineShown: false, lowerShown: false },
};

test.each<[what: string, stored: unknown, read: Settings | null]>([
  ['all keys', CHOSEN, CHOSEN],
  ['a file of an older version', { theme: 'light' }, { ...DEFAULT_SETTINGS, theme: 'light' }],
  ['an unknown key', { theme: 'light', more: 1 }, { ...DEFAULT_SETTINGS, theme: 'light' }],
  ['an unknown theme beside a zoom', { theme: 'pink', zoom: 2 }, { ...DEFAULT_SETTINGS, zoom: 2 }],
  ['a zoom out of range beside a theme', { theme: 'dark', zoom: 9 }, { ...DEFAULT_SETTINGS, theme: 'dark' }],
  ['half of the panes', { speed: 2, panes: { code: 0.4 } }, { ...DEFAULT_SETTINGS, speed: 2 }],
  ['text', 'dark', null],
  ['a list', [], null],
])('stored settings: %s', (_what, stored, read) => {
  const result = v.safeParse(storedSettings, stored);
  expect(result.success ? result.output : null).toEqual(read);
});
