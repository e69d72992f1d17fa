/** What the reference model is made of. */

/** A page's content; who holds the same object shares the frame. */
export interface Content {
  byte: number;
  /** Somebody stored to it; shared memory that nobody wrote to needs no swap. */
  written?: boolean;
  /** It came from there and is still in the swap cache. */
  slot?: Slot;
}

/** What was paged out, for whoever still names it. */
export interface Slot {
  byte: number;
  /** In the swap cache: somebody brought it back. */
  cached: Content | null;
}

export interface Area {
  start: number;
  end: number;
  perms: string;
  shared: boolean;
  noreserve: boolean;
  charged: boolean;
  /** Object and the page of it that start is, for shared memory. */
  object: SharedObject | null;
  offset: number;
  /** Same number: may merge. 0: never written. */
  anon: number;
  /** Came over fork together with its anon number. */
  inherited: boolean;
}

export interface SharedObject {
  readonly pages: Map<number, Content>;
  /** Bytes of pages that are swapped out. */
  readonly swapped: Map<number, number>;
  readonly size: number;
  readonly noreserve: boolean;
}

export type Entry =
  | { kind: 'zero' }
  /** `exclusive`: never shared since it was made or reused. */
  | { kind: 'own'; content: Content; writable: boolean; exclusive: boolean }
  | { kind: 'shared'; content: Content }
  | { kind: 'swapped'; slot: Slot; exclusive: boolean };

/** What an access needs: nothing, a fault without or with a read of the device; or the code of a signal. */
export type Fault = 'minor' | 'major' | { readonly signal: string };

export const hasFrame = (entry: Entry): entry is Extract<Entry, { content: Content }> => 'content' in entry;

export interface Process {
  areas: Area[];
  entries: Map<number, Entry>;
  brk: number;
  minor: number;
  major: number;
}

export interface ModelResult {
  ret?: number | string;
  errno?: string;
  sig?: string;
  code?: string;
  done?: number;
  bytes?: number[];
}

/** Numbers the model is told, because they are choices of the machine and not of memory management. */
export interface ModelMachine {
  readonly ramPages: number;
  readonly swapPages: number;
  readonly heapPage: number;
}
