import { fail, ok, type SysResult } from '../../base/errno.ts';
import { EVENT } from '../../base/event-kinds.ts';
import { emit, within } from '../../base/event-log.ts';
import { TASK_SIZE } from '../../base/limits.ts';
import { SIGNAL } from '../../base/signals.ts';
import { PAGE_SIZE, type Pid } from '../../base/units.ts';
import { Cpu, Fault, SP, TEXT_START, type Image } from '../../c/index.ts';
import { unmapAll } from '../../mm/munmap.ts';
import { isReal } from '../../mm/real-mode.ts';
import { freeMm, makeMm } from '../../mm/mm.ts';
import { dropHeapRecords } from '../heap/records.ts';
import { endTask } from '../../proc/exit.ts';
import { mmOf } from '../../proc/task.ts';
import { environmentOf } from '../heap/environment.ts';
import { setTaskRegions } from '../regions.ts';
import type { KernelState } from '../state.ts';
import { openStandardFiles } from './descriptors.ts';
import { loadImage, programFile } from './load-image.ts';
import { defaultSignals, freshProcess } from './process.ts';
import { markTexts } from './secrets.ts';
import { beginChecked, isChecking } from './shadow/owners.ts';
import { TaskPager } from './task-pager.ts';

/** Limits stay; what a process was denied comes back, as its user is root. Source: Linux 6.18 security/commoncap.c. */
const KEPT = [
  'rlimitAs', 'rlimitData', 'rlimitStack', 'rlimitMemlock', 'hardAs', 'hardData', 'hardStack', 'hardMemlock',
  'hardLimitsFixed',
] as const; // prettier-ignore

/** The C program of a name, or -1. */
export const programNamed = (k: KernelState, name: string): number => k.images.findIndex((each) => each.name === name);

/**
 * execve(2) of a C program: a new address space with its sections, arguments and environment at the end of the stack,
 * the processor before its first instruction. Source: Linux 6.18 fs/exec.c begin_new_exec.
 * @returns the program's name; ENOMEM
 */
export function execProgram(k: KernelState, pid: Pid, name: string, args: readonly string[]): SysResult<string> {
  const index = programNamed(k, name);
  const { image } = k.images[index]!;
  const old = mmOf(k, pid);
  const mm = makeMm(k, pid);
  if (mm === null) return fail('ENOMEM');
  for (const column of KEPT) k.mms[column][mm] = k.mms[column][old]!;
  const file = programFile(k, name, image);
  // Without page tables both programs would lie at the same frames: the old one goes first.
  if (isReal(k)) unmapAll(k, old);
  const id = emit(k.events, EVENT.EXEC, TEXT_START / PAGE_SIZE, -1, file, Math.floor(TASK_SIZE / PAGE_SIZE));
  return within(k.events, id, () => {
    const loaded = loadImage(k, mm, file, image);
    if (!loaded.ok) {
      freeMm(k, mm);
      return loaded;
    }
    k.tasks.mm[pid] = mm;
    freeMm(k, old);
    setTaskRegions(k, pid, loaded.value.regions);
    dropHeapRecords(k, pid);
    defaultSignals(k, pid);
    const process = freshProcess(k, pid, index + 1);
    beginChecked(k, pid);
    openStandardFiles(k, pid);
    const cpu = new Cpu(new TaskPager(k, pid));
    const environment = [...environmentOf(k)].map(([key, value]) => `${key}=${value}`);
    if (!prepareStack(cpu, image, loaded.value.stackTop, [name, ...args], environment)) {
      endTask(k, pid, SIGNAL.SIGKILL);
      return fail('ENOMEM');
    }
    k.mms.startStack[mm] = cpu.number(SP) + 8;
    process.save(cpu);
    if (isChecking(k)) markTexts(k);
    return ok(name);
  });
}

/** Arguments and environment at the end of the stack, and the first function's own arguments below them. */
function prepareStack(
  cpu: Cpu,
  image: Image,
  top: number,
  argv: readonly string[],
  environment: readonly string[],
): boolean {
  try {
    const first = placeArguments(cpu, top, argv, environment);
    setWord(cpu, image.symbols.get('__program_name')!.address, first.name);
    cpu.setNumber(SP, first.sp - 8);
    cpu.pc = image.symbols.get('__start')!.address - TEXT_START;
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

const setWord = (cpu: Cpu, address: number, value: number): void =>
  cpu.store64(Math.floor(address / 2 ** 32), address | 0, value | 0, Math.floor(value / 2 ** 32) | 0);

function placeArguments(
  cpu: Cpu,
  top: number,
  argv: readonly string[],
  environment: readonly string[],
): { sp: number; name: number } {
  let at = top - 16;
  const place = (text: string): number => {
    const bytes = new TextEncoder().encode(`${text}\0`);
    at -= bytes.length;
    cpu.write(at, bytes);
    return at;
  };
  let name = 0;
  const list = (texts: readonly string[]): number => {
    const addresses = [...texts.map(place), 0];
    name = addresses[0]!;
    at = Math.floor(at / 16) * 16 - Math.ceil(addresses.length / 2) * 16;
    addresses.forEach((address, i) => setWord(cpu, at + 8 * i, address));
    return at;
  };
  const envp = list(environment);
  const args = list(argv);
  const sp = Math.floor(at / 16) * 16 - 32;
  setWord(cpu, sp, argv.length);
  setWord(cpu, sp + 8, args);
  setWord(cpu, sp + 16, envp);
  return { sp, name };
}
