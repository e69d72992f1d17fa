import type { Command, CommandResult } from '../../protocol/commands.ts';
import { formatQuantity } from '../commands/quantity.ts';
import type { MmuDirective } from '../commands/mmu-directives.ts';
import { counted, duration } from './words.ts';

/** What a walk through the page tables found, level by level. */
export function walkSentence(
  who: string,
  { name, offset }: Extract<Command, { op: 'walk' }>,
  { walk = [], tlb = 'miss', physical }: CommandResult,
): string {
  if (physical !== undefined)
    return `There is no page table to go through: ${name}+${formatQuantity(offset)} is physical address 0x${physical.toString(16)}, for everybody.`;
  const last = walk.at(-1);
  const memory =
    tlb === 'hit' ? 'The TLB knows the translation, so an access reads no table' : 'The TLB does not know it';
  if (last === undefined) return `${name}+${formatQuantity(offset)} is no address that tables translate. ${memory}.`;
  const path = walk.map(({ level, index }) => `entry ${index} of level ${level}`).join(', ');
  const missing = /^0+$/.test(last.entry) ? `; the last one is empty, so the walk ends there` : '';
  return `To reach ${name}+${formatQuantity(offset)}, ${who} goes through ${path}${missing}. ${memory}.`;
}

const THP_SENTENCES = {
  never: 'From now on every fault maps single pages.',
  madvise: 'From now on a first touch maps 512 pages at once where madvise asked for it.',
  always: 'From now on a first touch maps 512 pages at once wherever they fit.',
} as const;

export function mmuDirectiveSentence(command: MmuDirective): string {
  if (command.op === '@cost') return `${command.name} takes ${duration(command.ns)} of virtual time from now on.`;
  if (command.op === '@thp') return THP_SENTENCES[command.mode];
  const { entries, ways, policy } = command;
  return `The processor now has an empty TLB of ${counted(entries, 'translation')}, ${counted(ways, 'way')} a set, ${policy}.`;
}
