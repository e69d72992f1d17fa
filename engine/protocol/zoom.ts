/** Zoom factors: from twice as much on screen to text that is read from the last row. */
export const ZOOM_MIN = 0.5;
export const ZOOM_MAX = 3;
const ZOOM_STEP = 0.1;

/** The next zoom factor, on round steps whatever it was before; direction 0 is 100 %. */
export function nextZoom(zoom: number, direction: 1 | -1 | 0): number {
  if (direction === 0) return 1;
  const steps = Math.round(zoom / ZOOM_STEP) + direction;
  const factor = Math.round(steps * ZOOM_STEP * 100) / 100;
  return Math.min(ZOOM_MAX, Math.max(ZOOM_MIN, factor));
}
