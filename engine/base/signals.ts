/** Signals of the simulated kernel. Source: Linux arch/x86/include/uapi/asm/signal.h. */
export const SIGNAL = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
} as const;
export type SignalName = keyof typeof SIGNAL;
export const SIGNAL_NAMES_ALL = Object.keys(SIGNAL) as SignalName[];

/** `SIGTERM` of 15; `signal 16` of a number that has no name here. */
export const signalName = (signal: number): string =>
  SIGNAL_NAMES_ALL.find((name) => SIGNAL[name] === signal) ?? `signal ${signal}`;

/** A set of signals as one bit each, in the bit of its number. */
export const signalBit = (signal: number): number => (1 << signal) >>> 0;

/** What happens without a handler. Source: Linux include/linux/signal.h sig_kernel_ignore, sig_kernel_stop. */
export function defaultAction(signal: number): 'end' | 'stop' | 'nothing' {
  if (signal === SIGNAL.SIGSTOP || signal === SIGNAL.SIGTSTP) return 'stop';
  return signal === SIGNAL.SIGCHLD || signal === SIGNAL.SIGCONT ? 'nothing' : 'end';
}
