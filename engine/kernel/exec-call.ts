import { fail, ok, type SysResult } from '../base/errno.ts';
import type { MmId, Pid } from '../base/units.ts';
import { fileNamed } from '../mm/file.ts';
import { sysExec } from '../proc/exec.ts';
import { IMAGE, makeImage, PROGRAM_FILE } from '../proc/image.ts';
import { isAlive, mmOf } from '../proc/task.ts';
import type { TaskOperation } from '../protocol/commands.ts';
import { environmentOf } from './heap/environment.ts';
import { dropHeapRecords } from './heap/records.ts';
import { execProgram, programNamed } from './program/exec-program.ts';
import { setTaskRegions } from './regions.ts';
import type { KernelState } from './state.ts';

/**
 * execve(2) of a program by its name. Where the parts of it are, the console's names follow; what the lab remembered of
 * the old program's heap goes. Root gets all capabilities back that the machine gives.
 * Source: Linux 6.18 fs/exec.c, security/commoncap.c cap_bprm_creds_from_file.
 * @returns the program's name; ENOENT, ENOEXEC, ENOMEM
 */
export function execCall(
  k: KernelState,
  pid: Pid,
  { image, args }: Extract<TaskOperation, { op: 'exec' }>,
): () => SysResult<string> {
  return () => {
    if (programNamed(k, image) >= 0) return execProgram(k, pid, image, args);
    const file = fileNamed(k, image) ?? (image === PROGRAM_FILE ? makeImage(k, PROGRAM_FILE, IMAGE) : null);
    if (file === null) return fail('ENOENT');
    const envp = [...environmentOf(k)].map(([name, value]) => `${name}=${value}`);
    const done = sysExec(k, pid, { file, name: image, argv: [image, ...args], envp }, (parts) =>
      setTaskRegions(k, pid, parts),
    );
    if (!done.ok) return done;
    dropHeapRecords(k, pid);
    if (isAlive(k, pid) && k.tasks.uid[pid] === 0) giveAllCapabilities(k, mmOf(k, pid));
    return ok(image);
  };
}

/** Root's program starts with all of them. */
function giveAllCapabilities(k: KernelState, mm: MmId): void {
  k.mms.capsDropped[mm] = 0;
  k.mms.capsDroppedHigh[mm] = 0;
}
