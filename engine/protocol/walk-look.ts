/** One way through the page tables, as the window draws it. */
export interface WalkLook {
  readonly pid: number;
  /** Virtual page number. */
  readonly page: number;
  /** `A+3` */
  readonly label: string;
  /** From the top level down; ends where an entry is empty, or maps a huge page. */
  readonly tables: readonly TableLook[];
  readonly end: WalkEnd;
  readonly tlb: TlbLook;
}

export interface TableLook {
  /** 4 … 1 */
  readonly level: number;
  /** The table's own frame. */
  readonly frame: number;
  /** Entries in use, of 512. */
  readonly used: number;
  /** The entry on the way. */
  readonly index: number;
  /** That one and those in use that are nearest to it, ascending. */
  readonly entries: readonly EntryLook[];
}

export interface EntryLook {
  readonly index: number;
  readonly leads: 'table' | 'page' | 'huge' | 'zero' | 'swap' | 'noAccess' | 'guard' | 'nothing';
  /** −1 where the entry holds no frame number. */
  readonly frame: number;
  /** The 64 bits as 16 hexadecimal digits. */
  readonly bits: string;
  /** Names of the bits that are set: P, W, U, A, D, PS, NX. */
  readonly flags: readonly string[];
}

/** Where the way ends. */
export interface WalkEnd {
  readonly kind: EntryLook['leads'];
  /** Level of the last entry read. */
  readonly level: number;
  /** The page's own frame, −1 for none. */
  readonly frame: number;
  /** Tasks that map it, for the colour; empty where there is no frame. */
  readonly owners: readonly number[];
}

/** The translations in the TLB that could be in the page's place. */
export interface TlbLook {
  readonly hit: boolean;
  readonly set: number;
  readonly sets: number;
  readonly policy: string;
  readonly ways: readonly TlbWay[];
  /** Of this address space since it was made. */
  readonly hits: number;
  readonly misses: number;
}

export interface TlbWay {
  /** null while the way holds nothing. */
  readonly holds: {
    readonly pid: number;
    /** `A+3` */
    readonly label: string;
    readonly frame: number;
    readonly huge: boolean;
    /** The translation that is asked for. */
    readonly asked: boolean;
  } | null;
}
