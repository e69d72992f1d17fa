/** Why the allocator did not return to the program. */
export type StopReason =
  /** abort(3) after a message; `message` is all that went to standard error. */
  | { readonly kind: 'abort'; readonly message: string }
  /** A load or store of the allocator was caught. */
  | { readonly kind: 'signal'; readonly signal: 'SIGSEGV' | 'SIGBUS' | 'SIGKILL' }
  /** glibc would go round in a damaged list for ever. */
  | { readonly kind: 'loop'; readonly list: string };

/**
 * Ends an operation in the middle of the allocator. Thrown here and by the memory behind it, caught in `attempt` alone:
 * to everybody else a death is a value.
 */
export class AllocatorStop extends Error {
  constructor(readonly reason: StopReason) {
    super(reason.kind);
  }
}

export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly stop: StopReason };

/** The allocator's border: what an operation returned, or how the process ended in it. */
export function attempt<T>(operation: () => T): Attempt<T> {
  try {
    return { ok: true, value: operation() };
  } catch (error) {
    if (error instanceof AllocatorStop) return { ok: false, stop: error.reason };
    throw error;
  }
}

/** A list longer than the heap has room for goes round. */
export function loopIn(list: string): never {
  throw new AllocatorStop({ kind: 'loop', list });
}
