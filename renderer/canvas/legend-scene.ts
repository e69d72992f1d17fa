import type { Box, CellItem, DrawItem } from './draw-list.ts';
import type { Metrics } from './metrics.ts';
import type { StagePlan } from '../stores/plan.ts';
import { text } from './task-scene.ts';

interface Sample {
  readonly words: string;
  readonly look: CellItem['look'];
  readonly owners: readonly number[];
  readonly label: string;
  readonly writeProtected: boolean;
}

const plain = (words: string, look: CellItem['look']): Sample => ({
  words,
  look,
  owners: [],
  label: '',
  writeProtected: false,
});

/** The legend in words: only what can be on the board, now or later, so that it takes the same room at every step. */
export function legendSamples({ tasks: pids, swapSlots, device }: StagePlan): Sample[] {
  const samples: Sample[] = pids.slice(0, 3).map((pid) => ({
    words: `only p${pid}`,
    look: 'owned',
    owners: [pid],
    label: '',
    writeProtected: false,
  }));
  const [first, second] = pids;
  if (first !== undefined && second !== undefined) {
    samples.push({ ...plain('shared', 'owned'), owners: [first, second] });
  }
  const own = pids.slice(0, 1);
  samples.push(
    { ...plain('zero page', 'zero'), owners: own, label: '0' },
    plain('not present', 'reserved'),
    ...(swapSlots > 0 ? [{ ...plain('in swap', 'swapped'), owners: own, label: 'S' }] : []),
    { ...plain('read-only', 'owned'), owners: own, writeProtected: true },
    { ...plain('page table', 'table'), owners: own },
    plain('file cache', 'file'),
    ...(device === true ? [plain('IO: a device’s memory', 'file')] : []),
    plain('kernel', 'kernel'),
    plain('free', 'free'),
  );
  return samples;
}

interface Placed {
  readonly sample: Sample;
  readonly x: number;
  readonly row: number;
}

const scaleOf = (m: Metrics): number => Math.max(0.9, Math.min(m.scale * 0.84, 2.2));
const ROW = 22;

/** Left to right, in as many rows as it takes. */
function placeSamples(samples: readonly Sample[], s: number, width: number): Placed[] {
  const placed: Placed[] = [];
  let x = 0;
  let row = 0;
  for (const sample of samples) {
    const own = (13 + 6 + 11 + sample.words.length * 5.9) * s;
    if (x > 0 && x + own > width) {
      x = 0;
      row++;
    }
    placed.push({ sample, x, row });
    x += own;
  }
  return placed;
}

/** Height that the legend takes at the bottom of a panel. @param panelWidth CSS pixels */
export function legendHeight(plan: StagePlan, m: Metrics, panelWidth: number): number {
  const s = scaleOf(m);
  const width = panelWidth - 2 * Math.round(14 * Math.max(m.scale, 0.95));
  const rows = Math.max(...placeSamples(legendSamples(plan), s, width).map(({ row }) => row)) + 1;
  return rows * ROW * s + 4;
}

/** The legend in words at the bottom of the lowest board. */
export function legendRows(plan: StagePlan, m: Metrics, panel: Box): DrawItem[] {
  const s = scaleOf(m);
  const pad = Math.round(14 * Math.max(m.scale, 0.95));
  const width = panel.w - 2 * pad;
  const size = Math.round(13 * s);
  const bottom = panel.y + panel.h - Math.round(12 * s);
  const placed = placeSamples(legendSamples(plan), s, width);
  const rows = (placed.at(-1)?.row ?? 0) + 1;
  return placed.flatMap(({ sample, x, row }): DrawItem[] => {
    const left = panel.x + pad + x;
    const y = bottom - (rows - 1 - row) * ROW * s;
    return [
      {
        type: 'cell',
        x: left,
        y: y - size * 0.8,
        w: size,
        h: size,
        target: { kind: 'frame', frame: -1 },
        look: sample.look,
        owners: sample.owners,
        label: sample.label,
        note: '',
        writeProtected: sample.writeProtected,
        fresh: false,
        selected: false,
        lit: false,
        meaning: { of: 'frame', use: 'free', mapcount: 0, swapCached: false },
      },
      text(sample.words, left + size + 6 * s, y + 2 * s, { size: 11.5 * s, tone: 'muted' }),
    ];
  });
}
