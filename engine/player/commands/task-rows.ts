import { row, type OperationRow } from './operation-row.ts';

/** Rows of the operations about a task as such. */
export const TASK_COMMAND_ROWS: readonly OperationRow[] = [
  row(
    'oom_score_adj',
    'pN oom_score_adj VALUE',
    1,
    ['value'],
    'Moves the task in the list of victims: −1000 never dies for memory, 1000 dies first.',
  ),
  row('setuid', 'pN setuid UID', 1, ['uid'], 'Becomes another user; leaving root gives up all capabilities.'),
  row(
    'sigaction',
    'pN sigaction SIGNAL default|ignore|handler',
    2,
    ['signal', 'disposition'],
    'Says what a signal does: end or stop the task, nothing, or call a handler.',
  ),
  row('wait', 'pN wait [pM]', 0, ['task'], 'Takes a child that has ended off the list of tasks, with its status.'),
  row('getrusage', 'pN getrusage [self|children]', 0, ['usage'], 'Faults so far and the largest size in memory.'),
  row('block', 'pN block', 0, [], 'Waits in the kernel for a device that does not answer: no signal gets through.'),
  row('unblock', 'pN unblock', 0, [], 'The device answers: the task goes on, and signals reach it.'),
  row(
    'cat',
    'pN cat FILE',
    1,
    ['taskFile'],
    'Prints what /proc/N/FILE says, such as maps, smaps, status, statm or limits.',
  ),
  row(
    'allocator',
    'pN allocator DESIGN',
    1,
    ['design'],
    'Gives the task’s program another allocator than glibc’s, before its first malloc: first, best, worst or next fit, a bitmap, buddies.',
  ),
  row('exit', 'pN exit [STATUS]', 0, ['status'], 'Ends the task: all its pages are given back.'),
  row(
    'kill',
    'pN kill [pM] [SIGNAL]',
    0,
    ['signalOrTask', 'signal'],
    'Sends a signal: SIGKILL to the task itself from outside, or a given one to it or to pM.',
  ),
];
