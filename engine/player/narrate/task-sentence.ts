import { signalName } from '../../base/signals.ts';
import type { CommandResult } from '../../protocol/commands.ts';
import { DESIGN_WORDS } from '../../protocol/library-calls.ts';
import type { TaskCommand } from '../commands/task-commands.ts';
import { freed } from './freed.ts';
import type { Tally } from './tally.ts';
import { counted } from './words.ts';

/** What a command about a task as such did: its end, signals, identity, what /proc says. */
export function taskSentence(who: string, command: TaskCommand, result: CommandResult, tally: Tally): string {
  switch (command.op) {
    case 'exit':
      return `${who} ends${withStatus(command.status)} and gives all its pages back. ${freed(tally)}${leftBehind(tally)}`;
    case 'kill':
      return killSentence(who, command, tally);
    case 'oom_score_adj':
      return `${who} sets its oom_score_adj to ${command.value}: ${adjMeans(command.value)}.`;
    case 'setuid':
      return `${who} becomes user ${command.uid}${tally.leftRoot ? ' and gives up all its capabilities' : ''}.`;
    case 'sigaction':
      return `${who} says that ${signalName(command.signal)} ${DISPOSITION_WORDS[command.action]}.`;
    case 'wait':
      return waitSentence(who, result);
    case 'getrusage':
      return usageSentence(who, command.who, result);
    case 'block':
      return `${who} waits in the kernel for a device; until that answers no signal reaches it.`;
    case 'unblock':
      return `The device answers ${who}.${tally.ended.length > 0 ? ` The kill that waited ends it. ${freed(tally)}` : ''}`;
    case 'cat':
      return `/proc/${who.slice(1)}/${command.file} says how ${who} stands; nothing changes.`;
    case 'allocator':
      return `The program of ${who} calls another allocator from now on, ${DESIGN_WORDS[command.design].join(': ')}.`;
  }
}

const withStatus = (status: number | undefined): string => (status === undefined ? '' : ` with status ${status}`);

/** Whether a child that has ended is still on the list of tasks. */
const leftBehind = ({ zombies }: Tally): string =>
  zombies.length > 0 ? ` p${zombies[0]} stays as a zombie until its parent waits for it.` : '';

function killSentence(who: string, { target, signal }: TaskCommand & { op: 'kill' }, tally: Tally): string {
  const named = signalName(signal ?? 9);
  if (signal === 0)
    return `${who} asks whether it may send a signal${target === undefined ? '' : ` to p${target}`}: it may.`;
  const whom = target === undefined ? who : `p${target}`;
  const sent = target === undefined ? `${named} is sent to ${who}` : `${who} sends ${named} to ${whom}`;
  if (tally.ended.length > 0) {
    if (target === undefined && named === 'SIGKILL')
      return `${who} is killed and all its pages are taken back. ${freed(tally)}${leftBehind(tally)}`;
    return `${sent}, which ends ${whom}. ${freed(tally)}${leftBehind(tally)}`;
  }
  if (tally.stopped.length > 0) return `${sent}: ${whom} stops until it is told to go on.`;
  if (tally.continued.length > 0) return `${sent}: ${whom} goes on.`;
  if (tally.handled.length > 0) return `${sent}, and its handler is called.`;
  return `${sent}. Nothing happens: it is ignored, or waits until ${whom} can take it.`;
}

const DISPOSITION_WORDS = {
  default: 'does what the kernel does without a handler',
  ignore: 'is to be ignored',
  handler: 'calls a handler',
} as const;

function adjMeans(value: number): string {
  if (value === -1000) return 'it is never chosen when memory runs out';
  if (value === 0) return 'only its size counts when memory runs out';
  return value > 0 ? 'it dies earlier than its size tells' : 'it dies later than its size tells';
}

function waitSentence(who: string, { ret, status }: CommandResult): string {
  if (status === undefined) return `${who} asks for children that have ended; none has.`;
  const how = status < 256 ? `ended by ${signalName(status)}` : `ended with status ${status / 256}`;
  return `${who} waits for ${String(ret)}, which ${status === 0 ? 'ended with status 0' : how}; the zombie is gone.`;
}

function usageSentence(who: string, whose: 'self' | 'children', { usage }: CommandResult): string {
  if (usage === undefined) return `${who} asks what it has used.`;
  const of = whose === 'self' ? `${who} has` : `The children that ${who} waited for have`;
  const faults = `${counted(usage.minflt, 'minor fault')} and ${counted(usage.majflt, 'major fault')}`;
  return `${of} had ${faults} and at most ${usage.maxrss} kB in memory.`;
}
