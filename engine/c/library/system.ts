/** What sigaction keeps for one signal. */
export interface SignalAction {
  /** Address; 0 is SIG_DFL, 1 SIG_IGN. */
  readonly handler: number;
  readonly flags: number;
  /** Signals blocked while the handler runs, bit n − 1 for signal n. */
  readonly mask: bigint;
}

export interface Usage {
  readonly userNs: number;
  readonly maxRssPages: number;
  readonly minflt: number;
  readonly majflt: number;
}

/**
 * The system calls of the process that runs. Like the kernel's own they return a negative error number. `null` says that
 * the process has to wait and call again.
 */
export interface System {
  /** @returns the break afterwards: unchanged where it was refused */
  brk(address: number): number;
  mmap(address: number, length: number, protection: number, flags: number, fd: number, offset: number): number;
  munmap(address: number, length: number): number;
  mprotect(address: number, length: number, protection: number): number;
  mremap(address: number, oldLength: number, newLength: number, flags: number, target: number): number;
  madvise(address: number, length: number, advice: number): number;
  /** @returns residency of each page */
  mincore(address: number, length: number): number | number[];
  msync(address: number, length: number, flags: number): number;
  mlock(address: number, length: number, flags: number): number;
  munlock(address: number, length: number): number;
  mlockall(flags: number): number;
  munlockall(): number;
  /** @param address where the bytes lie in memory, for files; standard output needs none */
  write(fd: number, bytes: Uint8Array, address: number | null): number;
  read(fd: number, address: number, length: number): number;
  open(path: string, flags: number): number;
  close(fd: number): number;
  duplicate(fd: number, to: number | null): number;
  /** @param origin 0 from the start, 1 from here, 2 from the end */
  seek(fd: number, offset: number, origin: number): number;
  /** As fstat(2) has them: file type bits, bytes. */
  stat(fd: number): { readonly mode: number; readonly size: number } | number;
  unlink(path: string): number;
  truncate(fd: number, length: number): number;
  /** @returns the child's number in the parent; the child gets 0 by itself */
  fork(): number;
  exit(status: number): void;
  wait(pid: number, options: number): { readonly pid: number; readonly status: number } | number | null;
  kill(pid: number, signal: number): number;
  /** The process sleeps. @returns null until the time is over */
  sleep(ns: number): number | null;
  pause(): null;
  /** @returns null for a signal that has none: no signal at all, SIGKILL, SIGSTOP */
  action(signal: number): SignalAction | null;
  setAction(signal: number, action: SignalAction): void;
  mask(): bigint;
  setMask(mask: bigint): void;
  pid(): number;
  parent(): number;
  uid(): number;
  setuid(uid: number): number;
  usage(ofChildren: boolean): Usage;
  limit(resource: number): { readonly soft: number; readonly hard: number } | null;
  setLimit(resource: number, soft: number, hard: number): number;
  timeNs(): number;
  ramPages(): number;
}
