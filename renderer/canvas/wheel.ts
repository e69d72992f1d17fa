/**
 * A statechart as a wheel: states on an ellipse that fills its box, transitions as bent chords. Whatever the box's shape,
 * every state keeps its full size and no chord runs along another one. Pixels of the box.
 */
export interface Spoke {
  readonly name: string;
  /** Middle of the state. */
  readonly x: number;
  readonly y: number;
}

export interface Chord {
  readonly from: string;
  readonly to: string;
  /** Of an SVG path, from border to border. */
  readonly path: string;
  /** Of the arrow's head. */
  readonly head: string;
  /** Where a number stands best. */
  readonly x: number;
  readonly y: number;
}

export interface Wheel {
  readonly spokes: readonly Spoke[];
  readonly chords: readonly Chord[];
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

type Pair = readonly [from: string, to: string];

/**
 * How far a chord leaves its straight line, as a part of its length: there and back are two curves. In a flat box less,
 * as a part of the box's shorter side.
 */
const BEND = 0.11;
const MOST_BEND = 0.18;
const HEAD = 7;
/** Radius of the arrow that leads back to its own state. */
const LOOP = 9;

/**
 * @param pairs each pair of states that a transition joins, once a direction
 * @param state room that a state takes
 */
export function wheelOf(names: readonly string[], pairs: readonly Pair[], box: Extent, state: Extent): Wheel {
  const order = roundTable(names, pairs);
  const rx = Math.max(0, (box.width - state.width) / 2 - 1);
  const ry = Math.max(0, (box.height - state.height) / 2 - LOOP);
  const spokes = order.map((name, i): Spoke => {
    const angle = -Math.PI + (i * 2 * Math.PI) / order.length;
    return { name, x: box.width / 2 + rx * Math.cos(angle), y: box.height / 2 + ry * Math.sin(angle) };
  });
  const most = MOST_BEND * Math.min(box.width, box.height);
  const at = new Map(spokes.map((spoke) => [spoke.name, spoke]));
  return { spokes, chords: pairs.map(([from, to]) => chordOf(at.get(from)!, at.get(to)!, state, most)) };
}

/** @param most pixels that it may leave its straight line */
function chordOf(from: Spoke, to: Spoke, state: Extent, most: number): Chord {
  if (from.name === to.name) return loopOf(from, state);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const bend = Math.min(BEND, most / Math.hypot(dx, dy));
  const control = { x: (from.x + to.x) / 2 - dy * bend, y: (from.y + to.y) / 2 + dx * bend };
  const start = onBorder(from, control, state, 2);
  const end = onBorder(to, control, state, 3);
  const length = Math.hypot(end.x - control.x, end.y - control.y) || 1;
  const [ux, uy] = [(end.x - control.x) / length, (end.y - control.y) / length];
  const neck = { x: end.x - ux * HEAD, y: end.y - uy * HEAD };
  return {
    from: from.name,
    to: to.name,
    path: `M${point(start)}Q${point(control)} ${point(neck)}`,
    head: headAt(end, neck, -uy, ux),
    x: (start.x + 2 * control.x + neck.x) / 4,
    y: (start.y + 2 * control.y + neck.y) / 4,
  };
}

/** Above its state. */
function loopOf({ name, x, y }: Spoke, state: Extent): Chord {
  const top = y - state.height / 2;
  const left = x + state.width / 2 - 3.2 * LOOP;
  const end = { x: left + 2 * LOOP, y: top - 2 };
  const neck = { x: end.x, y: end.y - HEAD };
  return {
    from: name,
    to: name,
    path: `M${point({ x: left, y: top })}V${round(neck.y)}A${LOOP} ${LOOP} 0 0 1 ${point(neck)}`,
    head: headAt(end, neck, 1, 0),
    x: left + LOOP,
    y: neck.y - LOOP,
  };
}

const headAt = (tip: Place, neck: Place, nx: number, ny: number): string =>
  `M${point(tip)}L${point({ x: neck.x + (nx * HEAD) / 2, y: neck.y + (ny * HEAD) / 2 })}L${point({ x: neck.x - (nx * HEAD) / 2, y: neck.y - (ny * HEAD) / 2 })}z`;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where the way from a state's middle towards a place leaves the state, and a little further. */
function onBorder(middle: Place, towards: Place, { width, height }: Extent, gap: number): Place {
  const [dx, dy] = [towards.x - middle.x, towards.y - middle.y];
  const reach = Math.min(
    (width / 2 + gap) / Math.max(Math.abs(dx), 1e-9),
    (height / 2 + gap) / Math.max(Math.abs(dy), 1e-9),
    1,
  );
  return { x: middle.x + dx * reach, y: middle.y + dy * reach };
}

const round = (n: number): number => Math.round(n * 10) / 10;
const point = ({ x, y }: Place): string => `${round(x)} ${round(y)}`;

/** An order round the table in which those who talk sit near each other: swapped until no swap makes it better. */
function roundTable(names: readonly string[], pairs: readonly Pair[]): string[] {
  const order = [...names];
  for (let better = true; better;) {
    better = false;
    for (let i = 1; i < order.length; i++) {
      for (let j = i + 1; j < order.length; j++) {
        const before = crossings(order, pairs);
        [order[i], order[j]] = [order[j]!, order[i]!];
        if (crossings(order, pairs) < before) better = true;
        else [order[i], order[j]] = [order[j]!, order[i]!];
      }
    }
  }
  return order;
}

/** Crossing chords count, and a little how long chords are. */
function crossings(order: readonly string[], pairs: readonly Pair[]): number {
  const seat = new Map(order.map((name, i) => [name, i]));
  const joined = new Set(pairs.map(([a, b]) => [seat.get(a)!, seat.get(b)!].sort((x, y) => x - y).join()));
  const chords = [...joined].map((key) => key.split(',').map(Number) as [number, number]);
  let sum = 0;
  chords.forEach(([a, b], i) => {
    sum += Math.min(b - a, order.length - b + a) / 100;
    for (const [c, d] of chords.slice(i + 1)) if ((a < c && c < b && b < d) || (c < a && a < d && d < b)) sum++;
  });
  return sum;
}
