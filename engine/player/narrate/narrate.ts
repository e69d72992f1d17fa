import type { EventRecord } from '../../base/event-log.ts';
import type { Command, CommandResult } from '../../protocol/commands.ts';
import type { Narration } from '../../protocol/player.ts';
import { formatCommand } from '../commands/format-command.ts';
import { chipsOf } from './chips.ts';
import type { Label } from './event-text.ts';
import { commandSentence } from './sentence.ts';
import { tallyOf } from './tally.ts';

/** A command that has run, with its events. */
export interface ToldCommand {
  readonly command: Command;
  readonly result: CommandResult;
  readonly events: readonly EventRecord[];
}

/** Sentences that one step may have before only its last ones are kept. */
const MAX_SENTENCES = 3;

/** What a step did in plain words, and the chain of causes to what tells most. */
export function narrate(commands: readonly ToldCommand[], label: Label): Narration {
  if (commands.length === 0) return { sentence: 'Nothing happens in this step.', chips: [] };
  const sentences = commands.map(({ command, result, events }) => commandSentence(command, result, tallyOf(events)));
  const skipped = sentences.length - MAX_SENTENCES;
  const start = skipped > 0 ? `${skipped} more commands, then: ` : '';
  const cost = {
    minflt: commands.reduce((sum, { result }) => sum + (result.min ?? 0), 0),
    majflt: commands.reduce((sum, { result }) => sum + (result.maj ?? 0), 0),
    timeNs: commands.reduce((sum, { result }) => sum + result.timeNs, 0),
  };
  const events = commands.flatMap((each) => each.events);
  const textOf = ({ id }: EventRecord): string | null => {
    const told = commands.find(({ result }) => result.firstEvent === id);
    return told === undefined ? null : formatCommand(told.command);
  };
  const chips = chipsOf(events, cost, label, textOf);
  return { sentence: start + sentences.slice(-MAX_SENTENCES).join(' '), chips };
}
