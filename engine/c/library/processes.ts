import { FP, SP } from '../cpu/isa.ts';
import { BLOCKED, JUMPED, type Call, type LibraryFunction } from './call.ts';
import { errorNumber } from './errors.ts';
import { restoreContext } from './signals.ts';

/** unistd.h, sys/wait.h, sys/resource.h, signal.h, setjmp.h, time.h and math.h. */

const SYSCONF: Readonly<Record<number, (c: Call) => number>> = {
  0: () => 2097152,
  2: () => 100,
  4: () => 1024,
  30: () => 4096,
  83: () => 1,
  84: () => 1,
  85: (c) => c.system.ramPages(),
  86: (c) => c.system.ramPages(),
};

/** O_WRONLY, O_CREAT, O_TRUNC */
const CREAT_FLAGS = 0o1101;
/** struct stat, offsets in bytes. Source: Linux arch/x86/include/uapi/asm/stat.h. */
const STAT = { nlink: 16, mode: 24, size: 48, blockSize: 56, blocks: 64, bytes: 144 } as const;
const BLOCK_BYTES = 4096;

function fstat(c: Call): number {
  const found = c.system.stat(c.int(0));
  if (typeof found === 'number') return c.result(found);
  const at = c.long(1);
  c.cpu.fill(at, 0, STAT.bytes);
  c.setWord(at + STAT.nlink, 1);
  c.cpu.storeAt(at + STAT.mode, 4, found.mode);
  c.setWord(at + STAT.size, found.size);
  c.setWord(at + STAT.blockSize, BLOCK_BYTES);
  c.setWord(at + STAT.blocks, Math.ceil(found.size / BLOCK_BYTES) * 8);
  return 0;
}

const RLIM_INFINITY = 2 ** 64;
const limitWord = (value: number): bigint => (value === Infinity ? 2n ** 64n - 1n : BigInt(value));

function wait(c: Call, pid: number, status: number, options: number): number | typeof BLOCKED {
  const found = c.system.wait(pid, options);
  if (found === null) return BLOCKED;
  if (typeof found === 'number') return c.result(found);
  if (status !== 0) c.cpu.storeAt(status, 4, found.status);
  return found.pid;
}

function storeBig(c: Call, address: number, value: bigint): void {
  c.cpu.store64(
    Math.floor(address / 2 ** 32),
    address | 0,
    Number(BigInt.asIntN(32, value)),
    Number(BigInt.asIntN(32, value >> 32n)),
  );
}

/** struct sigaction: handler 0, mask 8, flags 136. */
function sigaction(c: Call): number {
  const action = c.system.action(c.int(0));
  if (action === null) return c.fail('EINVAL');
  const [wanted, old] = [c.long(1), c.long(2)];
  const before = action;
  if (wanted !== 0) {
    c.system.setAction(c.int(0), {
      handler: c.word(wanted),
      mask: BigInt.asUintN(64, c.bigAt(wanted + 8)),
      flags: c.cpu.loadAt(wanted + 136, 4),
    });
  }
  if (old !== 0) {
    c.setWord(old, before.handler);
    storeBig(c, old + 8, before.mask);
    c.cpu.storeAt(old + 136, 4, before.flags);
  }
  return 0;
}

function sigprocmask(c: Call): number {
  const before = c.system.mask();
  if (c.long(1) !== 0) {
    const set = BigInt.asUintN(64, c.bigAt(c.long(1)));
    const how = c.int(0);
    if (how < 0 || how > 2) return c.fail('EINVAL');
    c.system.setMask(how === 0 ? before | set : how === 1 ? before & ~set : set);
  }
  if (c.long(2) !== 0) storeBig(c, c.long(2), before);
  return 0;
}

function getrusage(c: Call): number {
  const usage = c.system.usage(c.int(0) === -1);
  const words = new Array<number>(18).fill(0);
  words[0] = Math.floor(usage.userNs / 1e9);
  words[1] = Math.floor((usage.userNs % 1e9) / 1000);
  words[4] = usage.maxRssPages * 4;
  words[8] = usage.minflt;
  words[9] = usage.majflt;
  words.forEach((word, i) => c.setWord(c.long(1) + 8 * i, word));
  return 0;
}

/** jmp_buf: frame pointer, stack pointer and program counter of the caller, and the signal mask. */
function setjmp(c: Call, saves: boolean): number {
  const env = c.long(0);
  const sp = c.cpu.number(SP);
  c.setWord(env, c.cpu.number(FP));
  c.setWord(env + 8, sp + 8);
  c.setWord(env + 16, c.word(sp));
  c.setWord(env + 24, saves ? 1 : 0);
  storeBig(c, env + 32, c.system.mask());
  return 0;
}

function longjmp(c: Call): typeof JUMPED {
  const env = c.long(0);
  const value = c.int(1);
  const pc = c.word(env + 16);
  if (c.word(env + 24) !== 0) c.system.setMask(BigInt.asUintN(64, c.bigAt(env + 32)));
  const sp = c.word(env + 8);
  c.cpu.setNumber(FP, c.word(env));
  c.cpu.setNumber(SP, sp);
  c.cpu.setNumber(0, value === 0 ? 1 : value);
  c.cpu.pc = c.cpu.codeAt(Math.floor(pc / 2 ** 32), pc | 0);
  return JUMPED;
}

const maths: Record<string, LibraryFunction> = Object.fromEntries(
  (['sqrt', 'sin', 'cos', 'tan', 'exp', 'log', 'log2', 'log10', 'floor', 'ceil', 'trunc', 'atan'] as const).map(
    (name) => [name, (c: Call) => ({ double: Math[name](c.double(0)) })],
  ),
);

function timeOf(c: Call, address: number, ns: number): number {
  c.setWord(address, Math.floor(ns / 1e9));
  c.setWord(address + 8, ns % 1e9);
  return 0;
}

export const PROCESSES: Readonly<Record<string, LibraryFunction>> = {
  ...maths,
  fabs: (c) => ({ double: Math.abs(c.double(0)) }),
  round: (c) => ({ double: Math.sign(c.double(0)) * Math.floor(Math.abs(c.double(0)) + 0.5) }),
  pow: (c) => ({ double: c.double(0) ** c.double(1) }),
  fmod: (c) => ({ double: c.double(0) % c.double(1) }),
  fork: (c) => c.result(c.system.fork()),
  vfork: (c) => c.result(c.system.fork()),
  _exit: (c) => {
    c.system.exit(c.int(0) & 0xff);
    return BLOCKED;
  },
  wait: (c) => wait(c, -1, c.long(0), 0),
  waitpid: (c) => wait(c, c.int(0), c.long(1), c.int(2)),
  kill: (c) => c.result(c.system.kill(c.int(0), c.int(1))),
  getpid: (c) => c.system.pid(),
  getppid: (c) => c.system.parent(),
  getuid: (c) => c.system.uid(),
  geteuid: (c) => c.system.uid(),
  getgid: () => 0,
  setuid: (c) => c.result(c.system.setuid(c.int(0) >>> 0)),
  write: (c) => c.result(c.system.write(c.int(0), c.cpu.read(c.long(1), c.size(2)), c.long(1))),
  close: (c) => c.result(c.system.close(c.int(0))),
  open: (c) => c.result(c.system.open(c.text(c.long(0)), c.int(1))),
  creat: (c) => c.result(c.system.open(c.text(c.long(0)), CREAT_FLAGS)),
  read: (c) => c.result(c.system.read(c.int(0), c.long(1), c.size(2))),
  lseek: (c) => c.result(c.system.seek(c.int(0), c.long(1), c.int(2))),
  dup: (c) => c.result(c.system.duplicate(c.int(0), null)),
  dup2: (c) => c.result(c.system.duplicate(c.int(0), c.int(1))),
  ftruncate: (c) => c.result(c.system.truncate(c.int(0), c.long(1))),
  unlink: (c) => c.result(c.system.unlink(c.text(c.long(0)))),
  fstat,
  isatty: (c) => {
    c.setErrno(errorNumber('ENOTTY'));
    return 0;
  },
  sysconf: (c) => SYSCONF[c.int(0)]?.(c) ?? c.fail('EINVAL'),
  __sleep: (c) => c.system.sleep(c.long(0)) ?? BLOCKED,
  nanosleep: (c) => c.system.sleep(c.word(c.long(0)) * 1e9 + c.word(c.long(0) + 8)) ?? BLOCKED,
  pause: (c) => {
    c.system.pause();
    return BLOCKED;
  },
  time: (c) => {
    const seconds = Math.floor(c.system.timeNs() / 1e9);
    if (c.long(0) !== 0) c.setWord(c.long(0), seconds);
    return seconds;
  },
  clock: (c) => Math.floor(c.system.usage(false).userNs / 1000),
  clock_gettime: (c) => timeOf(c, c.long(1), c.system.timeNs()),
  getrusage,
  getrlimit: (c) => {
    const limit = c.system.limit(c.int(0));
    if (limit === null) return c.fail('EINVAL');
    storeBig(c, c.long(1), limitWord(limit.soft));
    storeBig(c, c.long(1) + 8, limitWord(limit.hard));
    return 0;
  },
  setrlimit: (c) => {
    const at = c.long(1);
    const read = (address: number): number => {
      const value = Number(BigInt.asUintN(64, c.bigAt(address)));
      return value >= RLIM_INFINITY ? Infinity : value;
    };
    return c.result(c.system.setLimit(c.int(0), read(at), read(at + 8)));
  },
  sigaction,
  sigprocmask,
  __restore: (c) => {
    restoreContext(c);
    return JUMPED;
  },
  setjmp: (c) => setjmp(c, false),
  _setjmp: (c) => setjmp(c, false),
  sigsetjmp: (c) => setjmp(c, c.int(1) !== 0),
  longjmp,
  siglongjmp: longjmp,
};
