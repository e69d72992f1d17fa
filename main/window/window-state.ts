import * as v from 'valibot';
import { DEFAULT_WINDOW, GRAB, MIN_WINDOW } from '../limits.ts';

/** Screen pixels, as Electron reports them: x and y of the top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How the window was left. Full screen is not kept: it belongs to a lecture, not to the desk. */
export interface WindowState extends Box {
  readonly maximized: boolean;
}

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));

export const windowState: v.GenericSchema<unknown, WindowState> = v.strictObject({
  x: pixels,
  y: pixels,
  width: pixels,
  height: pixels,
  maximized: v.boolean(),
});

/**
 * Where to put the window. What was remembered is used where it still makes sense: displays are unplugged, rearranged
 * and changed in size between two starts.
 * @param workAreas of all displays, the primary one first, without task bars
 */
export function placeWindow(remembered: WindowState | null, workAreas: readonly Box[]): WindowState {
  const home = remembered && workAreas.find((area) => canBeGrabbed(remembered, area));
  if (!remembered || !home) return centred(workAreas[0], remembered?.maximized ?? false);
  return { ...sizeIn(remembered, home), x: remembered.x, y: remembered.y, maximized: remembered.maximized };
}

/** Enough of the title bar lies on the display to move the window with. */
function canBeGrabbed(box: Box, area: Box): boolean {
  const visible = Math.min(box.x + box.width, area.x + area.width) - Math.max(box.x, area.x);
  return visible >= GRAB.width && box.y >= area.y && box.y + GRAB.height <= area.y + area.height;
}

function centred(area: Box | undefined, maximized: boolean): WindowState {
  if (!area) return { x: 0, y: 0, ...DEFAULT_WINDOW, maximized };
  const { width, height } = sizeIn(DEFAULT_WINDOW, area);
  const x = area.x + Math.max(0, Math.round((area.width - width) / 2));
  const y = area.y + Math.max(0, Math.round((area.height - height) / 2));
  return { x, y, width, height, maximized };
}

/** No larger than the display, but never smaller than the window may be. */
function sizeIn(
  size: { readonly width: number; readonly height: number },
  area: Box,
): { width: number; height: number } {
  return {
    width: Math.max(MIN_WINDOW.width, Math.min(size.width, area.width)),
    height: Math.max(MIN_WINDOW.height, Math.min(size.height, area.height)),
  };
}
