import { nextZoom } from '../../engine/protocol/zoom.ts';

/** Makes everything in the window larger, smaller, or 0: as it was. Main applies it and remembers. */
export async function zoomBy(direction: 1 | -1 | 0): Promise<void> {
  const settings = await window.faultline.settings.get();
  if (settings.ok) await window.faultline.settings.set({ zoom: nextZoom(settings.value.zoom, direction) });
}
