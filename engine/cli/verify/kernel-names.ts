import type { Command, Quantity } from '../../protocol/commands.ts';

const PAGE = 4096;
/** Every name has its own place, as far from the next as any script can reach. */
const FIRST_PLACE = 2 ** 44;
const PLACE_BYTES = 2 ** 40;

/** A name of a script and its addresses in the real processes. */
export interface NativeName {
  readonly name: string;
  /** It stands for a place inside another name's range, and is not listed. */
  readonly alias: boolean;
  readonly base: number;
  /** Pages of it that were ever mapped, from its start. */
  extent: number;
  /** Bytes behind its base that belong to it; null: as far as its extent. */
  readonly reach: number | null;
}

/** The names in the order in which they were first used. */
export class NativeNames {
  private readonly list: NativeName[];
  private places = 0;

  constructor(
    heap: number,
    private readonly ramPages: number,
  ) {
    this.list = [{ name: 'heap', alias: false, base: heap, extent: 0, reach: null }];
  }

  get listed(): readonly NativeName[] {
    return this.list.filter(({ alias }) => !alias);
  }

  /** Bytes, of either sign. */
  bytes({ bytes, ramPercent }: Quantity): number {
    return bytes + Math.floor((this.ramPages * ramPercent) / 100) * PAGE;
  }

  /** The address of an offset in a name, which gets a place when it is new. */
  address({ name, offset }: { readonly name: string; readonly offset: Quantity }): number {
    return this.own(name).base + this.bytes(offset);
  }

  /** Where an mmap goes; its name is known from now on. */
  place(command: Extract<Command, { op: 'mmap' }>): number {
    if (command.at === null) return this.own(command.name).base;
    const address = this.address(command.at);
    if (this.find(command.name) === undefined) this.add(command.name, true, address, null);
    return address;
  }

  /** A range that the kernel chose the address of. */
  chosen(name: string, base: number, bytes: number): void {
    this.add(name, false, base, null).extent = Math.ceil(bytes / PAGE);
  }

  /** Something was mapped from a name up to an address. */
  reached(name: string, end: number): void {
    const own = this.find(name)!;
    const holds = ({ alias, base, reach }: NativeName): boolean =>
      !alias && reach !== null && own.base >= base && own.base < base + reach;
    const grown = own.alias ? (this.list.find(holds) ?? own) : own;
    grown.extent = Math.max(grown.extent, Math.ceil((end - grown.base) / PAGE));
  }

  private own(name: string): NativeName {
    return this.find(name) ?? this.add(name, false, FIRST_PLACE + PLACE_BYTES * this.places++, PLACE_BYTES);
  }

  private find(name: string): NativeName | undefined {
    return this.list.find((each) => each.name === name);
  }

  private add(name: string, alias: boolean, base: number, reach: number | null): NativeName {
    const made = { name, alias, base, extent: 0, reach };
    this.list.push(made);
    return made;
  }
}
