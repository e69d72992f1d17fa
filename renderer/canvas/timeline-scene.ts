import type { Outline, TimelineMark } from '../../engine/protocol/player.ts';

export type LaneName = TimelineMark['lane'];
export const LANES: readonly LaneName[] = ['calls', 'faults', 'copies', 'swap'];

/** What the timeline shows: one column a step, one row a lane, marks in the order in which things happened. */
export interface TimelineScene {
  /** 1 at the size of ordinary windows; everything grows with it. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly lanes: readonly { readonly name: LaneName; readonly y: number }[];
  readonly ticks: readonly { readonly x: number; readonly y: number; readonly pid: number; readonly done: boolean }[];
  readonly chapters: readonly {
    readonly x: number;
    readonly text: string;
    readonly width: number;
    readonly current: boolean;
  }[];
  readonly bookmarks: readonly number[];
  readonly playhead: number;
  readonly stepWidth: number;
  readonly length: number;
  /** The same as a table: how often each thing happened in each step. */
  readonly rows: readonly TimelineRow[];
}

export interface TimelineRow {
  readonly index: number;
  readonly title: string;
  readonly calls: number;
  readonly faults: number;
  readonly copies: number;
  readonly swap: number;
}

/** Pixels at scale 1. */
const LABELS = 76;
const EDGE = 20;
const TOP = 16;
const FOOT = 20;

/** @param position steps done @param length steps in all @param width @param height CSS pixels */
export function buildTimeline(
  outline: Outline,
  marks: readonly TimelineMark[],
  position: number,
  length: number,
  width: number,
  height: number,
  scale = 1,
): TimelineScene {
  const left = LABELS * scale;
  const right = width - EDGE * scale;
  const stepWidth = length === 0 ? 0 : (right - left) / length;
  const laneHeight = Math.max(8, (height - (TOP + FOOT) * scale) / (LANES.length - 0.4));
  const lanes = LANES.map((name, i) => ({ name, y: TOP * scale + laneHeight * i }));
  const xOf = (step: number): number => left + step * stepWidth;
  const chapters = outline.chapters.map(({ title, firstStep }, i) => {
    const from = xOf(firstStep - 1);
    const behind = outline.chapters[i + 1];
    const to = behind === undefined ? right : xOf(behind.firstStep - 1);
    const last = behind === undefined ? Infinity : behind.firstStep - 1;
    return {
      x: from,
      text: `${i + 1} ${title}`,
      width: to - from,
      current: position >= firstStep && position <= last,
    };
  });
  return {
    scale,
    width,
    height,
    left,
    right,
    lanes,
    ticks: ticksOf(marks, lanes, position, xOf, stepWidth),
    chapters,
    bookmarks: outline.steps.filter(({ mark }) => mark !== null).map(({ index }) => xOf(index - 0.5)),
    playhead: xOf(position),
    stepWidth,
    length,
    rows: rowsOf(outline, marks),
  };
}

/** Marks of one step share its column evenly; more than a pixel's worth are one. */
function ticksOf(
  marks: readonly TimelineMark[],
  lanes: TimelineScene['lanes'],
  position: number,
  xOf: (step: number) => number,
  stepWidth: number,
): TimelineScene['ticks'] {
  const perStep = new Map<number, TimelineMark[]>();
  for (const mark of marks) {
    const own = perStep.get(mark.step) ?? [];
    own.push(mark);
    perStep.set(mark.step, own);
  }
  const ticks: { x: number; y: number; pid: number; done: boolean }[] = [];
  for (const [step, own] of perStep) {
    const pitch = (stepWidth * 0.84) / own.length;
    let lastX = -Infinity;
    let lastLane = -1;
    own.forEach((mark, i) => {
      const x = xOf(step - 1) + stepWidth * 0.08 + (i + 0.5) * pitch;
      const lane = LANES.indexOf(mark.lane);
      if (lane === lastLane && x - lastX < 1.5) return;
      lastX = x;
      lastLane = lane;
      ticks.push({ x, y: lanes[lane]!.y, pid: mark.pid, done: step <= position });
    });
  }
  return ticks;
}

function rowsOf(outline: Outline, marks: readonly TimelineMark[]): TimelineRow[] {
  const rows = outline.steps.map(({ index, title }) => ({ index, title, calls: 0, faults: 0, copies: 0, swap: 0 }));
  for (const mark of marks) {
    const row = rows[mark.step - 1];
    if (row !== undefined) row[mark.lane]++;
  }
  return rows;
}

/** The number of steps done at a place on the timeline. */
export function stepAt(scene: TimelineScene, x: number): number {
  if (scene.stepWidth === 0) return 0;
  return Math.max(0, Math.min(scene.length, Math.round((x - scene.left) / scene.stepWidth)));
}
