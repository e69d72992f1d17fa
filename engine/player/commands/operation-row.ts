import type { OperationHelp } from '../../protocol/player.ts';

/** What an argument is: picks completions, and names the argument when it is missing. */
export type ArgumentKind =
  | 'region'
  | 'newRegion'
  | 'offset'
  | 'count'
  | 'perms'
  | 'mmapWords'
  | 'byte'
  | 'bytes'
  | 'break'
  | 'newTask'
  | 'mode'
  | 'milliseconds'
  | 'swapKind'
  | 'advice'
  | 'lockWords'
  | 'resource'
  | 'limit'
  | 'capability'
  | 'flags'
  | 'mremapWords'
  | 'sysctl'
  | 'pointer'
  | 'bytePlace'
  | 'newPointer'
  | 'size'
  | 'alignment'
  | 'mallopt'
  | 'number'
  | 'loopAction'
  | 'prefix'
  | 'design'
  | 'variable'
  | 'value'
  | 'tlbEntries'
  | 'tlbWays'
  | 'tlbPolicy'
  | 'tracePolicy'
  | 'pageNumbers'
  | 'cost'
  | 'nanoseconds'
  | 'thp'
  | 'file'
  | 'newFile'
  | 'fileAdvice'
  | 'toWords'
  | 'fromWords'
  | 'image'
  | 'onOff'
  | 'uid'
  | 'signal'
  | 'signalOrTask'
  | 'disposition'
  | 'task'
  | 'usage'
  | 'status'
  | 'taskFile'
  | 'machineFile'
  | 'runWords'
  | 'runTarget'
  | 'stepWords';

export interface OperationRow extends OperationHelp {
  readonly args: readonly ArgumentKind[];
  /** Arguments that must be there. */
  readonly required: number;
}

/** A row of the help: how an operation is written, and what it does. */
export const row = (
  op: string,
  usage: string,
  required: number,
  args: readonly ArgumentKind[],
  help: string,
): OperationRow => ({
  op,
  usage,
  help,
  args,
  required,
});
