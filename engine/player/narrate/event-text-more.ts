import { EVENT } from '../../base/event-kinds.ts';
import type { EventRecord } from '../../base/event-log.ts';
import { signalName } from '../../base/signals.ts';
import { DISPOSITIONS } from '../../protocol/commands.ts';
import { SYSCTL_NAMES } from '../../protocol/sysctls.ts';
import type { Label } from './event-text.ts';
import { realEventText } from './real-words.ts';
import { programEventText } from './program-sentence.ts';
import { counted } from './words.ts';

/** Limits in the order in which LIMIT_SET names them. */
const LIMITS = ['address space', 'data', 'stack', 'locked memory'];
const CAPABILITIES: Readonly<Record<number, string>> = {
  5: 'CAP_KILL',
  7: 'CAP_SETUID',
  14: 'CAP_IPC_LOCK',
  17: 'CAP_SYS_RAWIO',
  21: 'CAP_SYS_ADMIN',
  24: 'CAP_SYS_RESOURCE',
};

/** Events of locks, limits, settings, signals and the out-of-memory killer in a few words; null for any other kind. */
export function moreEventText(e: EventRecord, label: Label): string | null {
  switch (e.kind) {
    case EVENT.PAGES_LOCKED:
      return `${counted(e.a, 'page')} locked, ${e.b} in all`;
    case EVENT.PAGES_UNLOCKED:
      return `${counted(e.a, 'page')} unlocked, ${e.b} in all`;
    case EVENT.VMA_ADVISED:
      return `advice for ${counted(e.a, 'page')} from ${label(e.page, e.pid)}`;
    case EVENT.GUARD_INSTALLED:
      return `${label(e.page, e.pid)} becomes a guard page`;
    case EVENT.GUARD_REMOVED:
      return `${label(e.page, e.pid)} is no guard page any more`;
    case EVENT.PAGE_MOVED:
      return `${label(e.a, e.pid)} moves to ${label(e.page, e.pid)}`;
    case EVENT.LIMIT_SET:
      return `limit of ${LIMITS[e.a] ?? 'something'}: ${e.b === Infinity ? 'none' : `${e.b} bytes`}`;
    case EVENT.CAPABILITY_DROPPED:
      return `${CAPABILITIES[e.a] ?? `capability ${e.a}`} is given up`;
    case EVENT.SYSCTL_SET:
      return `${SYSCTL_NAMES[e.a] ?? 'a setting'} is now ${e.b}`;
    case EVENT.HUGE_POOL:
      return `the pool has ${counted(e.a, 'huge page')}, ${e.b} of them free`;
    case EVENT.HUGE_RESERVED:
      return `${counted(e.a, 'huge page')} of the pool promised, ${e.b} in all`;
    case EVENT.OOM_REAPED:
      return `the reaper takes ${counted(e.a, 'page')} of p${e.b}`;
    case EVENT.PANIC:
      return 'kernel panic: System is deadlocked on memory';
    case EVENT.OOM_SCORE_ADJ_SET:
      return `oom_score_adj is now ${e.a}`;
    case EVENT.REFERENCES_PLAYED:
      return `${counted(e.b, 'reference')}, ${counted(e.a, 'fault')}`;
    case EVENT.DEVICE_MADE:
      return `a device with ${counted(e.b, 'page')} of memory`;
    case EVENT.PROTECTION_SET:
    case EVENT.STRAY_ACCESS:
      return realEventText(e);
    default:
      return signalEventText(e) ?? programEventText(e);
  }
}

function signalEventText(e: EventRecord): string | null {
  switch (e.kind) {
    case EVENT.SIGNAL_SENT:
      return `${signalName(e.a)} to p${e.b}`;
    case EVENT.SIGNAL_HANDLED:
      return `the handler of ${signalName(e.a)} runs`;
    case EVENT.TASK_STOPPED:
      return `p${e.pid} stops`;
    case EVENT.TASK_CONTINUED:
      return `p${e.pid} goes on`;
    case EVENT.TASK_BLOCKED:
      return e.a === 1 ? `p${e.pid} waits for a device` : `the device answers p${e.pid}`;
    case EVENT.ZOMBIE:
      return `p${e.pid} is a zombie until p${e.a} waits for it`;
    case EVENT.CHILD_REAPED:
      return `the zombie p${e.b} is gone, status ${e.a}`;
    case EVENT.UID_SET:
      return `user ${e.b} becomes user ${e.a}`;
    case EVENT.DISPOSITION_SET:
      return `${signalName(e.a)}: ${DISPOSITIONS[e.b] ?? 'default'}`;
    default:
      return null;
  }
}
