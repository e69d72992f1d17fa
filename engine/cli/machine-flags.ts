import { sysctlRange, sysctlTakes } from '../mm/sysctl.ts';
import type { MachineOptions } from '../protocol/commands.ts';
import { isSysctlName, type SysctlName } from '../protocol/sysctls.ts';
import { machineProblems } from '../player/scenario/machine-options.ts';
import { settingsProblem, withSetting, type MachineSettings } from '../player/scenario/machine-settings.ts';
import { parsePages } from '../player/scenario/size.ts';
import { isPageSize } from '../mm/page-unit.ts';
import type { Io } from './io.ts';
import type { OptionTable, ParsedOptions } from './options.ts';

/** Options of the machine that exec and play share. */
export const MACHINE_FLAGS: OptionTable = {
  '--ram': 'value',
  '--swap': 'value',
  '--seed': 'value',
  '--overcommit': 'value',
  '--page-size': 'value',
  '--set': 'values',
};

export type MachineFlags =
  | {
      readonly ok: true;
      readonly machine: Partial<MachineOptions>;
      /** NAME=VALUE of --set that is no setting of the machine: a scenario's parameter. */
      readonly settings: Readonly<Record<string, number>>;
    }
  | { readonly ok: false; readonly message: string };

/** What the options say about the machine; sizes are checked where the machine is complete. */
export function machineFlags({ values }: ParsedOptions): MachineFlags {
  const machine: { -readonly [K in keyof MachineOptions]?: MachineOptions[K] } = {};
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  for (const [flag, option] of [
    ['--ram', 'ramPages'],
    ['--swap', 'swapPages'],
  ] as const) {
    const text = last(flag);
    if (text === undefined) continue;
    const pages = parsePages(text);
    if (pages === null) return refused(`${flag} ${text} is no size; write frames such as 64, or 256K, 1M, 1G`);
    machine[option] = pages;
  }
  const [problem] = machineProblems({ ramPages: machine.ramPages ?? 64, swapPages: machine.swapPages ?? 0 });
  if (problem !== undefined) return refused(`--${problem.option}: ${problem.message}; ${problem.remedy}`);
  const seed = last('--seed');
  if (seed !== undefined) {
    if (!/^\d{1,10}$/.test(seed) || Number(seed) > 0xffffffff)
      return refused(`--seed ${seed} is no seed; write 0 … 4294967295`);
    machine.seed = Number(seed);
  }
  const mode = last('--overcommit');
  if (mode !== undefined) {
    if (!/^[012]$/.test(mode)) return refused(`--overcommit ${mode} is no mode; write 0, 1 or 2`);
    machine.overcommit = Number(mode) as 0 | 1 | 2;
  }
  const size = last('--page-size');
  if (size !== undefined) {
    if (!isPageSize(size)) return refused(`--page-size ${size} is no page size; write 4k, 8k or 2m`);
    machine.pageSize = size;
  }
  return settingsOf(values.get('--set') ?? [], machine);
}

function settingsOf(texts: readonly string[], machine: Partial<MachineOptions>): MachineFlags {
  const settings: Record<string, number> = {};
  const sysctls: Partial<Record<SysctlName, number>> = {};
  let own: MachineSettings = {};
  for (const text of texts) {
    // A dotted name is the machine's, any other a parameter of the scenario.
    const dotted = /^([a-z]+\.[a-z_]+)=(\S*)$/.exec(text);
    if (dotted !== null) {
      const added = withSetting(own, dotted[1]!, dotted[2]!);
      if (typeof added === 'string') return refused(`--set ${text}: ${added}`);
      own = added;
      continue;
    }
    const match = /^([a-z][a-z0-9_-]*)=(-?\d+(?:\.\d+)?)$/.exec(text);
    if (match === null) return refused(`--set ${text} is no setting; write NAME=NUMBER`);
    const name = match[1]!;
    const value = Number(match[2]);
    if (!isSysctlName(name)) settings[name] = value;
    else if (sysctlTakes(name, value)) sysctls[name] = value;
    else return refused(`--set ${text} is out of range; ${name} takes ${sysctlRange(name)}`);
  }
  const problem = settingsProblem(own);
  if (problem !== null) return refused(`--set: ${problem}; leave it out, or write tlb.entries=64 and tlb.ways=4`);
  const set = Object.keys(sysctls).length > 0 ? { sysctls } : {};
  return { ok: true, machine: { ...machine, ...set, ...own }, settings };
}

/** A size that no x86-64 has is there to compare with, and says so: the results stay what they are. */
export function sayHypothetical(io: Io, { pageSize }: Partial<MachineOptions>): void {
  if (pageSize === '8k') io.err('faultline: pages of 8 KiB are hypothetical on x86-64, and here to compare with\n');
}

const refused = (message: string): MachineFlags => ({ ok: false, message });
