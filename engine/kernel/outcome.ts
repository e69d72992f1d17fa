import type { CommandResult } from '../protocol/commands.ts';

/** What an operation adds to the common fields of its result. */
export type Outcome = Partial<Omit<CommandResult, 'casDelta' | 'timeNs' | 'firstEvent' | 'endEvent'>>;
