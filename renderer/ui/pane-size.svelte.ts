/** CSS pixels of a pane, device pixels per CSS pixel, and how much larger than on an ordinary window text is. */
export class PaneSize {
  width = $state(0);
  height = $state(0);
  density = $state(1);
  zoom = $state(1);

  /** The pane has another size than is known here: the observer will tell within this frame. */
  behind(pane: HTMLElement): boolean {
    return pane.clientWidth !== this.width || pane.clientHeight !== this.height;
  }

  /** Follows the pane until the returned function is called: made for an effect. */
  follow(pane: HTMLElement): () => void {
    const observer = new ResizeObserver(() => {
      this.width = pane.clientWidth;
      this.height = pane.clientHeight;
      this.density = window.devicePixelRatio;
      this.zoom = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    });
    observer.observe(pane);
    return () => observer.disconnect();
  }
}

/** Gives a canvas the size of what is drawn, in device pixels, and a context in CSS pixels. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  density: number,
): CanvasRenderingContext2D {
  const wide = Math.round(width * density);
  const high = Math.round(height * density);
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const ctx = canvas.getContext('2d')!;
  ctx.setTransform(density, 0, 0, density, 0, 0);
  return ctx;
}
