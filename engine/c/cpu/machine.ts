/** What an access is for. */
export const READ = 0;
export const WRITE = 1;
export const FETCH = 2;
export type AccessKind = typeof READ | typeof WRITE | typeof FETCH;

/** A signal that an instruction caused. `address` and `code` are what siginfo_t says of it. */
export class Fault extends Error {
  constructor(
    readonly signal: number,
    readonly code: number,
    readonly address: number,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** The memory behind the processor: pages of 4,096 bytes in one buffer. */
export interface Pager {
  /** All pages; the array may be another one after any call of `page`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Makes the page of an address accessible and says where it is.
   * @param address signed @returns offset of the page in `bytes`
   * @throws Fault when the program may not
   */
  page(address: number, kind: AccessKind): number;
}

/** Sees what the library does to a program's memory, ahead of it. Addresses and lengths in bytes. */
export interface MemoryTap {
  read(address: number, length: number): void;
  write(address: number, length: number): void;
  copy(to: number, from: number, length: number): void;
}

export const SIGNALS = { SIGILL: 4, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9, SIGSEGV: 11 } as const;
/** si_code. Source: Linux include/uapi/asm-generic/siginfo.h. */
export const CODES = {
  SEGV_MAPERR: 1,
  SEGV_ACCERR: 2,
  BUS_ADRALN: 1,
  BUS_ADRERR: 2,
  ILL_ILLOPC: 1,
  FPE_INTDIV: 1,
  SI_KERNEL: 128,
} as const;
