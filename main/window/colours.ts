/**
 * What the window is filled with until the page paints: the page's own background, so that nothing flashes. The
 * renderer's stylesheet says the same two colours.
 */
export const BACKGROUND = { dark: '#0d1116', light: '#f2f4f6' } as const;

export function background(dark: boolean): string {
  return dark ? BACKGROUND.dark : BACKGROUND.light;
}
