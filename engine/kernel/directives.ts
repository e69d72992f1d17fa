import { ERRNO, type SysResult } from '../base/errno.ts';
import { EVENT, OPERATIONS } from '../base/event-kinds.ts';
import { emit, within } from '../base/event-log.ts';
import { setCost } from '../mm/costs.ts';
import { addSwapDevice, mayAddSwap } from '../mm/swap-slots.ts';
import { makeDevice } from '../mm/device.ts';
import { writeSysctl } from '../mm/sysctl.ts';
import { setThp } from '../mm/thp.ts';
import { shapeTlb } from '../mm/tlb.ts';
import type { MachineDirective } from '../protocol/commands.ts';
import { setVariable, whyNotVariable } from './heap/environment.ts';
import { settleWrites } from '../mm/writeback.ts';
import { makeImage } from '../proc/image.ts';
import { makeFileDirective } from './file-calls.ts';
import type { Outcome } from './outcome.ts';
import { machineFileText } from './procfs/index.ts';
import { setReal } from './real.ts';
import { addSecret } from './program/secrets.ts';
import { runAll } from './program/run-command.ts';
import type { KernelState } from './state.ts';
import { traceReferences } from './trace.ts';

/** What is said to the machine and not to a task: `@NAME …`. */
export function directive(k: KernelState, command: MachineDirective): Outcome {
  const id = emit(k.events, EVENT.COMMAND, -1, -1, OPERATIONS.indexOf(command.op));
  return within(k.events, id, () => {
    switch (command.op) {
      case '@overcommit':
        return written(k, writeSysctl(k, 'overcommit_memory', command.mode), command);
      case '@sysctl':
        return written(k, writeSysctl(k, command.name, command.value), command);
      case '@env':
        if (whyNotVariable(k, command.name, command.value) !== null) return { ret: -1, errno: 'EBUSY' };
        setVariable(k, command.name, command.value);
        return {};
      case '@swap':
        if (!mayAddSwap(k, command.pages)) return { ret: -1, errno: 'EPERM' };
        addSwapDevice(k, command.kind, command.pages);
        return {};
      case '@sleep':
        k.machine.timeNs[0]! += command.milliseconds * 1_000_000;
        k.events.now = k.machine.timeNs[0]!;
        settleWrites(k);
        return {};
      case '@image':
        makeImage(k, command.file, command);
        return {};
      case '@trace':
        return traceReferences(k, command);
      case '@device':
        makeDevice(k, command.file, command.pages);
        return {};
      case '@real':
        setReal(k, command.on);
        return {};
      case '@aslr':
        return written(k, writeSysctl(k, 'randomize_va_space', command.on ? 2 : 0), command);
      case '@file':
        makeFileDirective(k, command);
        return {};
      case '@tlb':
        shapeTlb(k, command);
        return {};
      case '@thp':
        setThp(k, command.mode);
        return {};
      case '@cost':
        setCost(k, command.name, command.ns);
        return {};
      case '@run':
        return runAll(k, command);
      case '@secret':
        addSecret(k, command.text);
        return {};
      case '@slice':
        k.programs.runtime.slice[0] = command.instructions;
        return {};
      case '@alignment':
        k.programs.shadow.machine.trap[0] = command.trap ? 1 : 0;
        return {};
      case '@cas':
        return {};
      case '@cat':
        return { text: machineFileText(k, command.file) };
    }
  });
}

/** A refused write is all that a directive has to say. */
function written(k: KernelState, result: SysResult, { op }: MachineDirective): Outcome {
  if (result.ok) return {};
  emit(k.events, EVENT.SYSCALL_ERROR, -1, -1, OPERATIONS.indexOf(op), ERRNO[result.errno]);
  return { ret: -1, errno: result.errno };
}
