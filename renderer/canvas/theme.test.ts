import { describe, expect, test } from 'vitest';
import { ownerColour, ownerPattern, PICTURE_THEMES, type PictureTheme } from './theme.ts';

/** Relative luminance as WCAG 2 defines it, of `#rrggbb`. */
function luminance(colour: string): number {
  const n = Number.parseInt(colour.slice(1), 16);
  const part = (value: number): number => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(n >> 16) + 0.7152 * part((n >> 8) & 255) + 0.0722 * part(n & 255);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** What lines and rings need; words need 4.5 (WCAG AA), and 7 in high contrast (AAA). */
const LINES = 3;
const OWNERS = Array.from({ length: 6 }, (_, pid) => pid);

describe.each(
  PICTURE_THEMES.map((theme, i) => [`${theme.name}${i < 2 ? '' : ', high contrast'}`, theme, i < 2 ? 4.5 : 7] as const),
)('in the %s theme', (_name, theme, words) => {
  test.each(['text', 'muted', 'quiet', 'accent'] as const)('words in %s can be read on every surface', (tone) => {
    for (const ground of ['page', 'panel', 'band'] as const) {
      expect(contrast(theme[tone], theme[ground]), ground).toBeGreaterThanOrEqual(words);
    }
  });

  test.each<[string, keyof PictureTheme, keyof PictureTheme]>([
    ['a free frame’s number', 'quiet', 'free'],
    ['what the kernel’s frames are for', 'onKernel', 'kernel'],
    ['a page of the program’s file', 'onCell', 'file'],
    ['the label of a copy', 'onAccent', 'accent'],
  ])('%s can be read', (_what, tone, ground) => {
    expect(contrast(theme[tone]!, theme[ground]!)).toBeGreaterThanOrEqual(4.5);
  });

  test('a frame number can be read on every owner’s colour', () => {
    for (const pid of OWNERS) expect(contrast(theme.onCell, ownerColour(pid))).toBeGreaterThanOrEqual(4.5);
  });

  test('what fills a cell is told apart without colour', () => {
    const fills = ['panel', 'free', 'kernel', 'file'] as const;
    for (const [i, one] of fills.entries()) {
      for (const other of fills.slice(i + 1)) {
        const apart = contrast(theme[one], theme[other]);
        const edged = theme.edge !== null && [one, other].includes('free');
        expect(edged || apart >= 1.15, `${one} and ${other}: ${apart.toFixed(2)}`).toBe(true);
      }
    }
  });

  test('the ring around what changed is seen on every surface', () => {
    for (const ground of ['panel', 'band'] as const) {
      expect(contrast(theme.accent, theme[ground])).toBeGreaterThanOrEqual(LINES);
    }
  });
});

describe('owners', () => {
  test('of all pairs differ in colour and in pattern', () => {
    expect(new Set(OWNERS.map(ownerColour)).size).toBe(OWNERS.length);
    expect(new Set(OWNERS.map(ownerPattern)).size).toBe(OWNERS.length);
  });

  test('are told apart without colour: each from its neighbours by pattern or by a clear step of grey', () => {
    for (let pid = 0; pid < 12; pid++) {
      const [a, b] = [pid, pid + 1];
      const grey = contrast(ownerColour(a), ownerColour(b)) >= LINES;
      expect(grey || ownerPattern(a) !== ownerPattern(b)).toBe(true);
    }
  });

  test('are never mistaken for what just changed', () => {
    for (const theme of PICTURE_THEMES) for (const pid of OWNERS) expect(ownerColour(pid)).not.toBe(theme.accent);
  });
});
