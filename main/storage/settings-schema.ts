import * as v from 'valibot';
import type { PaneSettings, Settings } from '../../engine/protocol/window-api.ts';
import { ZOOM_MAX, ZOOM_MIN } from '../../engine/protocol/zoom.ts';

const DEFAULT_PANES: PaneSettings = {
  code: 0.5,
  lower: null,
  console: 0.3125,
  events: 0.34375,
  timelineShown: true,
  lowerShown: true,
};
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  contrast: null,
  reducedMotion: null,
  zoom: 1,
  speed: 1,
  introduced: false,
  panes: DEFAULT_PANES,
};

const between = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));

const paneEntries = {
  code: between(0.2, 0.8),
  lower: v.nullable(between(5, 40)),
  console: between(0.1, 0.8),
  events: between(0.1, 0.8),
  timelineShown: v.boolean(),
  lowerShown: v.boolean(),
};
const entries = {
  theme: v.picklist(['system', 'light', 'dark']),
  contrast: v.nullable(v.boolean()),
  reducedMotion: v.nullable(v.boolean()),
  zoom: between(ZOOM_MIN, ZOOM_MAX),
  speed: between(0.25, 4),
  introduced: v.boolean(),
};

/** A list is an object too, and with every key optional an empty one would pass for settings. */
const noList = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), 'not a list'),
);

/**
 * On disk. A value that is missing or of no use takes its default, and the others stay: neither a version that adds one
 * nor a file that somebody edited costs people what they chose.
 */
export const storedSettings: v.GenericSchema<unknown, Settings> = v.pipe(
  noList,
  v.object({
    theme: v.fallback(v.optional(entries.theme, DEFAULT_SETTINGS.theme), DEFAULT_SETTINGS.theme),
    contrast: v.fallback(v.optional(entries.contrast, null), null),
    reducedMotion: v.fallback(v.optional(entries.reducedMotion, null), null),
    zoom: v.fallback(v.optional(entries.zoom, 1), 1),
    speed: v.fallback(v.optional(entries.speed, 1), 1),
    introduced: v.fallback(v.optional(entries.introduced, false), false),
    panes: v.fallback(v.optional(v.object(paneEntries), DEFAULT_PANES), DEFAULT_PANES),
  }),
);

/** From the window. */
export const settingsChange = v.pipe(
  noList,
  v.strictObject({
    theme: v.exactOptional(entries.theme),
    contrast: v.exactOptional(entries.contrast),
    reducedMotion: v.exactOptional(entries.reducedMotion),
    zoom: v.exactOptional(entries.zoom),
    speed: v.exactOptional(entries.speed),
    introduced: v.exactOptional(entries.introduced),
    panes: v.exactOptional(v.strictObject(paneEntries)),
  }),
);
