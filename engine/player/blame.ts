import { EVENT } from '../base/event-kinds.ts';
import { causeChain, eventsBetween, type EventLog, type EventRecord } from '../base/event-log.ts';

/**
 * How many commands before the one that a program died in the cause of its death was given: 0 when it died of what it
 * did just then, or did not die.
 * @param events of the commands that are asked about
 */
export function blamedAgo(log: EventLog, events: readonly EventRecord[]): number {
  const death = events.find(({ kind }) => kind === EVENT.ABORT) ?? events.find(({ kind }) => kind === EVENT.EXIT);
  if (death === undefined) return 0;
  const root = causeChain(log, death.id)[0]!.id;
  return eventsBetween(log, root + 1, death.id).filter(({ kind }) => kind === EVENT.COMMAND).length;
}
