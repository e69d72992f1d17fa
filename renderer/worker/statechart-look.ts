import { isLive } from '../../engine/base/table.ts';
import { SLOT_STATES } from '../../engine/mm/slot.machine.ts';
import { pmdState } from '../../engine/mm/huge-entry.ts';
import { PMD_STATES } from '../../engine/mm/pmd.machine.ts';
import { pressureName } from '../../engine/mm/pressure.ts';
import { oomState } from '../../engine/proc/oom-state.ts';
import type { MmId, TableId } from '../../engine/base/units.ts';
import { heapReport } from '../../engine/kernel/heap/index.ts';
import { pageLabel, type KernelState } from '../../engine/kernel/index.ts';
import { TABLES, transitionsOf, type TakenTransitions } from '../../engine/player/transitions.ts';
import type { PlayerPhase } from '../../engine/protocol/player.ts';
import type { WindowSnapshot } from '../../engine/protocol/snapshot.ts';
import {
  STATECHARTS,
  type Inhabitant,
  type StatechartLook,
  type StatechartName,
} from '../../engine/protocol/statechart-look.ts';
import { placeOnBoard } from './slots-snapshot.ts';

/** Inhabitants of a state that are named. */
const NAMED = 24;

/** What a statechart's picture needs to know of the lab. */
export interface Moment {
  readonly kernel: KernelState;
  readonly snapshot: WindowSnapshot;
  readonly phase: PlayerPhase;
  /** By the step just done. */
  readonly taken: TakenTransitions;
}

/** Who is in which state, first come first named. */
class Census {
  readonly #states = new Map<string, { count: number; named: Inhabitant[] }>();

  /** @param many how many stand behind this one name */
  add(state: string, many: number, named: () => Inhabitant): void {
    let found = this.#states.get(state);
    if (found === undefined) this.#states.set(state, (found = { count: 0, named: [] }));
    found.count += many;
    if (found.named.length < NAMED) found.named.push(named());
  }

  of(state: string): { readonly count: number; readonly inhabitants: readonly Inhabitant[] } {
    const { count, named } = this.#states.get(state) ?? { count: 0, named: [] };
    return { count, inhabitants: named };
  }
}

/** A statechart with all that it allows, what of it the step just done took, and who is in which state now. */
export function lookAtStatechart(name: StatechartName, moment: Moment): StatechartLook {
  const { states, initial } = TABLES[name];
  const transitions = transitionsOf(name, moment.taken);
  const leaves = new Set(transitions.map(({ from }) => from));
  const census = new Census();
  COUNTED[name](census, moment);
  const busy = STATECHARTS.map((each) => [each, sumOf(moment.taken[each]?.values() ?? [])]);
  return {
    name,
    initial: states[initial]!,
    states: states.map((state) => ({ name: state, isFinal: !leaves.has(state), ...census.of(state) })),
    transitions,
    busy: Object.fromEntries(busy) as Record<StatechartName, number>,
  };
}

const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, n) => sum + n, 0);

const nobody = (words: string) => (): Inhabitant => ({ words, selection: null });

const COUNTED: Readonly<Record<StatechartName, (census: Census, moment: Moment) => void>> = {
  task: countTasks,
  page: countPages,
  pmd: countUpperEntries,
  slot: countSlots,
  pressure: (census, { kernel }) => census.add(pressureName(kernel), 1, nobody('the machine')),
  oom: (census, { kernel }) => census.add(oomState(kernel), 1, nobody('the out-of-memory killer')),
  chunk: countChunks,
  player: (census, { phase }) => census.add(phase, 1, nobody('this lab')),
};

function countTasks(census: Census, { snapshot }: Moment): void {
  for (const { view, vmas } of snapshot.tasks) {
    const [lowest] = vmas;
    const { pid } = view;
    const selection = lowest === undefined ? null : ({ kind: 'vma', pid, start: lowest.view.start } as const);
    census.add(view.state, 1, () => ({ words: `p${pid}`, selection }));
  }
  for (const { pid, state, ending } of snapshot.ended) census.add(state, 1, nobody(`p${pid}, ${ending}`));
}

/** Pages of areas; those outside of all areas are not counted, there are 2^36 of them. */
function countPages(census: Census, { kernel, snapshot }: Moment): void {
  for (const { view: task, vmas } of snapshot.tasks) {
    for (const { runs } of vmas) {
      for (const { page, pages, state } of runs) {
        if (state === 'device') continue;
        census.add(state, pages, () => ({
          words: `p${task.pid} ${pageLabel(kernel, page, task.pid)}${pages === 1 ? '' : ` and ${pages - 1} more`}`,
          selection: { kind: 'page', pid: task.pid, page },
        }));
      }
    }
  }
}

function countUpperEntries(census: Census, { kernel }: Moment): void {
  const { tables, mms } = kernel;
  for (let table = 0; table < tables.rows; table++) {
    if (!isLive(tables, table) || tables.level[table] !== 1) continue;
    const pid = mms.pid[tables.mm[table]! as MmId]!;
    const page = tables.base[table]!;
    census.add(PMD_STATES[pmdState(kernel, table as TableId)]!, 1, () => ({
      words: `p${pid}, pages from 0x${(page * 4096).toString(16)}`,
      selection: { kind: 'page', pid, page },
    }));
  }
}

function countSlots(census: Census, { kernel }: Moment): void {
  const { swapDevices, swapSlots } = kernel;
  for (let device = 0; device < swapDevices.rows; device++) {
    const first = swapDevices.firstSlot[device]!;
    for (let slot = first + 1; slot <= first + swapDevices.pages[device]!; slot++) {
      const place = placeOnBoard(kernel, slot);
      census.add(SLOT_STATES[swapSlots.state[slot]!]!, 1, () => ({
        words: `slot ${place}`,
        selection: { kind: 'slot', slot: place },
      }));
    }
  }
}

/** Chunks of glibc's heaps; other designs have no such statechart. */
function countChunks(census: Census, { kernel, snapshot }: Moment): void {
  for (const pid of snapshot.heaps) {
    const report = heapReport(kernel, pid);
    if (report.design !== 'glibc') continue;
    for (const { address, size, state, names } of report.chunks) {
      census.add(state, 1, () => ({
        words: `p${pid} ${names.length > 0 ? `${names.join(', ')}: ` : ''}${size} bytes at 0x${address.toString(16)}`,
        selection: { kind: 'page', pid, page: Math.floor(address / 4096) },
      }));
    }
  }
}
