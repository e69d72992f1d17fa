/**
 * What the window is filled with until the page paints: the page's own background, so that nothing flashes. The
 * renderer's stylesheet says the same two colours.
 */
export const BACKGROUND = { dark: '#0f1419', light: '#f3f5f8' } as const;

export function background(dark: boolean): string {
  return dark ? BACKGROUND.dark : BACKGROUND.light;
}
