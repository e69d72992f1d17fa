import type { Box, DrawList, TextItem } from './draw-list.ts';

/** Width of a letter as a part of its size: near enough to find what a pointer is on. */
const LETTER = { sans: 0.54, mono: 0.6 } as const;
/** Around small words, so that they can be met. Pixels. */
const SLACK = 3;

function boxOf({ text, font, size, max, align, x, y }: TextItem): Box {
  const w = Math.min(max, text.length * size * LETTER[font]);
  const left = align === 'left' ? x : align === 'right' ? x - w : x - w / 2;
  return { x: left, y: y - size, w, h: size * 1.25 };
}

/** The words of the picture at a point, null where there are none. */
export function wordAt(list: DrawList, x: number, y: number): { text: string; box: Box } | null {
  for (const item of list.items) {
    if (item.type !== 'text' && item.type !== 'gap') continue;
    const box = item.type === 'text' ? boxOf(item) : item;
    const inside = x >= box.x - SLACK && x <= box.x + box.w + SLACK && y >= box.y - SLACK && y <= box.y + box.h + SLACK;
    if (inside) return { text: item.text, box };
  }
  return null;
}
