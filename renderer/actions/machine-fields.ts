import { COSTS, COST_NAMES } from '../../engine/mm/costs.ts';
import { THP_MODES } from '../../engine/mm/thp.ts';
import { TLB_POLICIES } from '../../engine/mm/tlb-policy.ts';
import { SYSCTL_HELP, SYSCTL_NAMES } from '../../engine/protocol/sysctls.ts';

/** A setting of the machine as the dialog has it. */
export interface MachineField {
  /** Where it stands in a scenario's `machine`: `ram`, `tlb.entries`, `sysctl.swappiness`. */
  readonly path: string;
  readonly label: string;
  /** What it is when nothing is said. */
  readonly usual: string;
  /** What can be chosen; null where one types. */
  readonly choices: readonly (readonly [value: string, label: string])[] | null;
}

export interface MachineGroup {
  readonly title: string;
  readonly fields: readonly MachineField[];
}

const typed = (path: string, label: string, usual: string): MachineField => ({ path, label, usual, choices: null });
const chosen = (path: string, label: string, choices: MachineField['choices']): MachineField => ({
  path,
  label,
  usual: '',
  choices,
});
const words = (names: readonly string[]): readonly (readonly [string, string])[] => names.map((name) => [name, name]);

/** Everything that a scenario can say of its machine. */
export const MACHINE_GROUPS: readonly MachineGroup[] = [
  {
    title: 'Memory',
    fields: [
      typed('ram', 'RAM, frames or 1M', '262144'),
      typed('swap', 'Swap, slots or 1M', '0'),
      chosen('page-size', 'Page size', [
        ['4k', '4 KiB'],
        ['8k', '8 KiB, to compare with'],
        ['2m', '2 MiB'],
      ]),
      chosen('overcommit', 'Overcommit', [
        ['0', '0: guesses'],
        ['1', '1: never refuses'],
        ['2', '2: counts every promise'],
      ]),
      chosen('thp', 'Huge pages of themselves', words(THP_MODES)),
      typed('seed', 'Seed of all chance', '1'),
    ],
  },
  {
    title: 'TLB',
    fields: [
      typed('tlb.entries', 'Entries', '64'),
      typed('tlb.ways', 'Ways', '4'),
      chosen('tlb.policy', 'Which entry goes', words(TLB_POLICIES)),
    ],
  },
  {
    title: 'Kernel settings',
    fields: SYSCTL_NAMES.filter((name) => name !== 'overcommit_memory').map((name) =>
      typed(`sysctl.${name}`, `${name}: ${SYSCTL_HELP[name]}`, 'as Linux'),
    ),
  },
  {
    title: 'What things take, in virtual nanoseconds',
    fields: COST_NAMES.map((name) => typed(`cost.${name}`, COSTS[name].what, String(COSTS[name].ns))),
  },
];

/** Values by path; what is not there is as usual. */
export type MachineValues = Readonly<Record<string, string>>;

export const PRESETS: readonly (readonly [name: string, values: MachineValues])[] = [
  ['Lecture hall: 64 frames', { ram: '64' }],
  ['Short of memory, with swap', { ram: '64', swap: '64' }],
  ['Counts every promise', { ram: '256', overcommit: '2' }],
  ['Pages of 2 MiB', { ram: '1G', 'page-size': '2m' }],
  ['A tiny TLB', { ram: '256', 'tlb.entries': '4', 'tlb.ways': '4' }],
  ['Desktop: 1 GiB', { ram: '262144', swap: '65536' }],
];
