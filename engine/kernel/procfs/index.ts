import type { Pid } from '../../base/units.ts';
import { oomScore } from '../../proc/oom-score.ts';
import { mmOf } from '../../proc/task.ts';
import type { MachineFile, TaskFile } from '../../protocol/commands.ts';
import type { KernelState } from '../state.ts';
import { buddyinfoText } from './buddyinfo.ts';
import { limitsText } from './limits.ts';
import { mapsText } from './maps.ts';
import { meminfoText } from './meminfo.ts';
import { pagemapText } from './pagemap.ts';
import { smapsRollupText, smapsText } from './smaps.ts';
import { statmText } from './statm.ts';
import { statusText } from './status.ts';
import { swapsText } from './swaps.ts';
import { vmstatText } from './vmstat.ts';

/**
 * What /proc/PID/FILE says. Never changes anything. A zombie has no memory: its files are empty, but for status and
 * the scores. @returns text, each line with its line break
 */
export function taskFileText(k: KernelState, pid: Pid, file: TaskFile): string {
  const mm = mmOf(k, pid);
  switch (file) {
    case 'status':
      return statusText(k, pid);
    case 'oom_score':
      return `${oomScore(k, pid)}\n`;
    case 'oom_score_adj':
      return `${k.tasks.oomScoreAdj[pid]!}\n`;
    case 'statm':
      return mm < 0 ? '0 0 0 0 0 0 0\n' : statmText(k, mm);
    case 'maps':
      return mm < 0 ? '' : mapsText(k, mm);
    case 'smaps':
      return mm < 0 ? '' : smapsText(k, mm);
    case 'smaps_rollup':
      return mm < 0 ? '' : smapsRollupText(k, mm);
    case 'limits':
      return mm < 0 ? '' : limitsText(k, mm);
    case 'pagemap':
      return mm < 0 ? '' : pagemapText(k, mm);
  }
}

/** What /proc/FILE says of the machine. */
export function machineFileText(k: KernelState, file: MachineFile): string {
  switch (file) {
    case 'meminfo':
      return meminfoText(k);
    case 'vmstat':
      return vmstatText(k);
    case 'swaps':
      return swapsText(k);
    case 'buddyinfo':
      return buddyinfoText(k);
  }
}
