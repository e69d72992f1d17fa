import { PAGE_SIZE } from '../base/units.ts';

/**
 * What a program finds above its stack pointer: argc, argv, envp and the auxiliary vector, and further up the strings
 * they point to. Source: Linux 6.18 fs/binfmt_elf.c create_elf_tables, fs/exec.c bprm_stack_limits, copy_strings.
 */
export interface StartImage {
  readonly name: string;
  readonly argv: readonly string[];
  readonly envp: readonly string[];
  /** Addresses: where the image starts, its first instruction. */
  readonly base: number;
  readonly entry: number;
  readonly randomBytes: readonly number[];
  readonly slackBytes: number;
}

/** Numbers of the auxiliary vector's entries. Source: Linux include/uapi/linux/auxvec.h. */
export const AT = {
  NULL: 0, PHDR: 3, PHENT: 4, PHNUM: 5, PAGESZ: 6, BASE: 7, FLAGS: 8, ENTRY: 9, UID: 11, EUID: 12, GID: 13, EGID: 14,
  PLATFORM: 15, HWCAP: 16, CLKTCK: 17, SECURE: 23, RANDOM: 25, HWCAP2: 26, EXECFN: 31,
} as const; // prettier-ignore
const WORD = 8;
/** ELF headers: 64 bytes of file header, then 56 bytes a program header. */
const PHDR_OFFSET = 64;
const PHENT = 56;
const PROGRAM_HEADERS = 4;

/** Bytes to store from `pointer`, the first stack pointer, up to the stack's top. */
export interface StackImage {
  readonly pointer: number;
  readonly bytes: Uint8Array;
}

/** @param top address behind the stack */
export function buildStack(image: StartImage, top: number): StackImage {
  const writer = new StackWriter(top);
  writer.skip(WORD); // the last word stays zero
  const execfn = writer.string(image.name);
  const envp = [...image.envp]
    .reverse()
    .map((text) => writer.string(text))
    .reverse();
  const argv = [...image.argv]
    .reverse()
    .map((text) => writer.string(text))
    .reverse();
  writer.skip(image.slackBytes);
  writer.alignDown(16);
  const platform = writer.string('x86_64');
  const random = writer.put(image.randomBytes);
  const aux = auxiliary(image, { execfn, platform, random });
  const words = [image.argv.length, ...argv, 0, ...envp, 0, ...aux.flat()];
  writer.alignFor(words.length * WORD);
  return writer.finish(words);
}

type Pair = readonly [tag: number, value: number];

function auxiliary(
  { base, entry }: StartImage,
  at: { execfn: number; platform: number; random: number },
): readonly Pair[] {
  return [
    [AT.HWCAP, 0x178bfbff],
    [AT.PAGESZ, PAGE_SIZE],
    [AT.CLKTCK, 100],
    [AT.PHDR, base + PHDR_OFFSET],
    [AT.PHENT, PHENT],
    [AT.PHNUM, PROGRAM_HEADERS],
    [AT.BASE, 0],
    [AT.FLAGS, 0],
    [AT.ENTRY, entry],
    [AT.UID, 0],
    [AT.EUID, 0],
    [AT.GID, 0],
    [AT.EGID, 0],
    [AT.SECURE, 0],
    [AT.RANDOM, at.random],
    [AT.HWCAP2, 2],
    [AT.EXECFN, at.execfn],
    [AT.PLATFORM, at.platform],
    [AT.NULL, 0],
  ];
}

/** Fills a stack from its top down. Addresses are exact doubles. */
class StackWriter {
  private at: number;
  private readonly stored: { address: number; bytes: readonly number[] }[] = [];

  constructor(private readonly top: number) {
    this.at = top;
  }

  skip(bytes: number): void {
    this.at -= bytes;
  }

  alignDown(to: number): void {
    this.at -= this.at % to;
  }

  /** Room for that many bytes whose start is a multiple of 16. */
  alignFor(bytes: number): void {
    this.at -= bytes;
    this.alignDown(16);
  }

  /** @returns where the bytes start */
  put(bytes: readonly number[]): number {
    this.at -= bytes.length;
    this.stored.push({ address: this.at, bytes });
    return this.at;
  }

  string(text: string): number {
    return this.put([...text].map((c) => c.charCodeAt(0) & 0xff).concat(0));
  }

  /** The words go where the writer stands. */
  finish(words: readonly number[]): StackImage {
    const bytes = new Uint8Array(this.top - this.at);
    for (const part of this.stored) bytes.set(part.bytes, part.address - this.at);
    const view = new DataView(bytes.buffer);
    words.forEach((word, i) => view.setBigUint64(i * WORD, BigInt(word), true));
    return { pointer: this.at, bytes };
  }
}
