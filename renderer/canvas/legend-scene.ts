import type { WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import type { Box, CellItem, DrawItem } from './draw-list.ts';
import type { Metrics } from './metrics.ts';
import { text } from './task-scene.ts';

interface Sample {
  readonly words: string;
  readonly look: CellItem['look'];
  readonly owners: readonly number[];
  readonly label: string;
}

/** The legend in words: only what can be on the board now. */
export function legendSamples(snapshot: WindowSnapshot): Sample[] {
  const pids = snapshot.tasks.map(({ view }) => view.pid);
  const samples: Sample[] = pids.slice(0, 3).map((pid) => ({
    words: `only p${pid}`,
    look: 'owned',
    owners: [pid],
    label: '',
  }));
  const [first, second] = pids;
  if (first !== undefined && second !== undefined) {
    samples.push({ words: 'shared', look: 'owned', owners: [first, second], label: '' });
  }
  samples.push(
    { words: 'zero page', look: 'zero', owners: pids.slice(0, 1), label: '0' },
    { words: 'not present', look: 'reserved', owners: [], label: '' },
    { words: 'page table', look: 'table', owners: pids.slice(0, 1), label: '' },
    { words: 'kernel', look: 'kernel', owners: [], label: '' },
    { words: 'free', look: 'free', owners: [], label: '' },
  );
  return samples;
}

/** One row at the bottom of the RAM panel; what does not fit is left out from the end. */
export function legendRow(snapshot: WindowSnapshot, m: Metrics, panel: Box): DrawItem[] {
  const s = Math.max(0.9, Math.min(m.scale, 1.5));
  const size = Math.round(13 * s);
  const y = panel.y + panel.h - Math.round(16 * s);
  let x = panel.x + Math.round(14 * s);
  const items: DrawItem[] = [];
  for (const { words, look, owners, label } of legendSamples(snapshot)) {
    const width = size + 6 * s + words.length * 6.1 * s + 14 * s;
    if (x + width > panel.x + panel.w) break;
    items.push(
      {
        type: 'cell',
        x,
        y: y - size * 0.8,
        w: size,
        h: size,
        target: { kind: 'frame', frame: -1 },
        look,
        owners,
        label,
        note: '',
        writeProtected: false,
        fresh: false,
        selected: false,
        lit: false,
        meaning: { of: 'frame', use: 'free', mapcount: 0 },
      },
      text(words, x + size + 6 * s, y + 2 * s, { size: 11.5 * s, tone: 'muted' }),
    );
    x += width;
  }
  return items;
}
