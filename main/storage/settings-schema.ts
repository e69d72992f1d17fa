import * as v from 'valibot';
import type { Settings } from '../../engine/protocol/window-api.ts';
import { ZOOM_MAX, ZOOM_MIN } from '../../engine/protocol/zoom.ts';

export const DEFAULT_SETTINGS: Settings = { theme: 'system', reducedMotion: null, zoom: 1 };

const theme = v.picklist(['system', 'light', 'dark']);
const reducedMotion = v.nullable(v.boolean());
const zoom = v.pipe(v.number(), v.minValue(ZOOM_MIN), v.maxValue(ZOOM_MAX));

/** A list is an object too, and with every key optional an empty one would pass for settings. */
const noList = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), 'not a list'),
);

/** On disk. A key that is missing takes its default, so a version that adds one keeps what people chose before. */
export const storedSettings: v.GenericSchema<unknown, Settings> = v.pipe(
  noList,
  v.strictObject({
    theme: v.optional(theme, DEFAULT_SETTINGS.theme),
    reducedMotion: v.optional(reducedMotion, DEFAULT_SETTINGS.reducedMotion),
    zoom: v.optional(zoom, DEFAULT_SETTINGS.zoom),
  }),
);

/** From the window. */
export const settingsChange = v.pipe(
  noList,
  v.strictObject({
    theme: v.exactOptional(theme),
    reducedMotion: v.exactOptional(reducedMotion),
    zoom: v.exactOptional(zoom),
  }),
);
