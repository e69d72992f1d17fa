import { COST_NAMES, type CostName } from '../../mm/costs.ts';
import { THP_MODES } from '../../mm/thp.ts';
import { DEFAULT_TLB } from '../../mm/tlb.ts';
import { TLB_POLICIES, type TlbPolicy } from '../../mm/tlb-policy.ts';
import type { MachineOptions } from '../../protocol/commands.ts';
import { MAX_COST_NS, tlbProblem } from '../commands/mmu-directives.ts';
import { didYouMean } from '../text/nearest.ts';

/** Settings of the machine by their dotted names: `cost.minor_fault`, `tlb.entries`. */
export type MachineSettings = Pick<MachineOptions, 'tlb' | 'costs' | 'thp'>;

const TLB_NAMES = ['tlb.entries', 'tlb.ways', 'tlb.policy'] as const;
const NAMES: readonly string[] = [...TLB_NAMES, 'thp.enabled', ...COST_NAMES.map((name) => `cost.${name}`)];

/**
 * Adds one setting to those before it.
 * @returns the settings, or what is wrong and what to do
 */
export function withSetting(settings: MachineSettings, name: string, value: string): MachineSettings | string {
  if (!NAMES.includes(name)) return `there is no setting ${name}; ${didYouMean(name, NAMES, 'leave it out')}`;
  const number = /^\d{1,13}$/.test(value) ? Number(value) : null;
  if (name === 'tlb.policy') {
    const policy = TLB_POLICIES.find((known) => known === value);
    if (policy === undefined) return `${value} is no policy; use ${TLB_POLICIES.join(', ')}`;
    return withTlb(settings, { policy });
  }
  if (name === 'thp.enabled') {
    const thp = THP_MODES.find((known) => known === value);
    return thp === undefined ? `${value} is no setting; use ${THP_MODES.join(', ')}` : { ...settings, thp };
  }
  if (number === null || number > MAX_COST_NS) return `${name} wants a whole number; write ${name}=64`;
  if (name === 'tlb.entries') return withTlb(settings, { entries: number });
  if (name === 'tlb.ways') return withTlb(settings, { ways: number });
  const cost = name.slice('cost.'.length) as CostName;
  return { ...settings, costs: { ...settings.costs, [cost]: number } };
}

const withTlb = (
  settings: MachineSettings,
  part: { entries?: number; ways?: number; policy?: TlbPolicy },
): MachineSettings => ({ ...settings, tlb: { ...DEFAULT_TLB, ...settings.tlb, ...part } });

/** What is wrong with the settings taken together, or null. */
export function settingsProblem({ tlb }: MachineSettings): string | null {
  return tlb === undefined ? null : tlbProblem(tlb);
}
