import type { StepFigures, TaskFigures } from '../../engine/protocol/figures.ts';
import { ownerColour, type PictureTheme } from './theme.ts';
import type { ChartLine } from './chart-line.ts';

/** One chart: what its lines count, and the lines. */
export interface ChartData {
  readonly title: string;
  readonly unit: 'pages' | 'faults' | 'bytes';
  readonly lines: readonly ChartLine[];
}

/** What else the charts depend on. */
export interface ChartMachine {
  /** Mode 2 holds promises to a limit; elsewhere it would only press the other lines down. */
  readonly strict: boolean;
  readonly swap: boolean;
}

/** The charts of the steps so far. Those in which nothing could ever be seen are left out. */
export function chartsOf(steps: readonly StepFigures[], machine: ChartMachine, theme: PictureTheme): ChartData[] {
  const pids = [...new Set(steps.flatMap(({ tasks }) => tasks.map(({ pid }) => pid)))].sort((a, b) => a - b);
  const ofTask = (pid: number, value: (task: TaskFigures) => number | null): (number | null)[] =>
    steps.map(({ tasks }) => {
      const task = tasks.find((other) => other.pid === pid);
      return task === undefined ? null : value(task);
    });
  const line = (name: string, colour: string, values: readonly (number | null)[], more: Partial<ChartLine> = {}) => ({
    name,
    end: name,
    colour,
    dashed: false,
    bars: 0 as const,
    values,
    ...more,
  });
  const own = (name: string, value: (task: TaskFigures) => number | null, dashed: boolean): ChartLine[] =>
    pids.map((pid) =>
      line(`p${pid}${name}`, ownerColour(pid), ofTask(pid, value), { dashed, end: dashed ? '' : `p${pid}` }),
    );
  const ofMachine = (value: (figures: StepFigures) => number): number[] => steps.map(value);
  const heaps = pids.filter((pid) => steps.some(({ tasks }) => tasks.some((t) => t.pid === pid && t.asked !== null)));
  const heapLines = (value: (task: TaskFigures) => number | null, name: string, dashed: boolean): ChartLine[] =>
    own(name, (task) => (task.asked === null ? null : value(task)), dashed).filter((_, i) => heaps.includes(pids[i]!));
  return [
    {
      title: 'Resident',
      unit: 'pages',
      lines: [...own(' RSS', ({ rss }) => rss, false), ...own(' PSS', ({ pss }) => pss, true)],
    },
    {
      title: 'Machine',
      unit: 'pages',
      lines: [
        line('free', theme.muted, ofMachine(({ free }) => free)),
        line('promised', theme.text, ofMachine(({ committed }) => committed)),
        ...(machine.strict
          ? [line('limit', theme.danger, ofMachine(({ commitLimit }) => commitLimit), { dashed: true })]
          : []),
        ...(machine.swap
          ? [line('in swap', ownerColour(4), ofMachine(({ swapUsed }) => swapUsed), { dashed: true })]
          : []),
      ],
    },
    {
      title: 'Faults in the step',
      unit: 'faults',
      lines: [
        line('minor', theme.muted, ofMachine(({ minflt }) => minflt), { bars: -1, end: '' }),
        line('major', theme.danger, ofMachine(({ majflt }) => majflt), { bars: 1, end: '' }),
      ],
    },
    ...(heaps.length === 0
      ? []
      : [
          {
            title: 'Heap',
            unit: 'bytes' as const,
            lines: [
              ...heapLines(({ asked }) => asked, ' in use', false),
              ...heapLines(({ held }) => held, ' from the system', true),
            ],
          },
        ]),
  ];
} // prettier-ignore
