/** What a verb may touch of its host: tests hand in their own. */
export interface Io {
  /** Results. */
  out(text: string): void;
  /** Messages for people. */
  err(text: string): void;
  /** What a program wrote, byte by byte. */
  write(fd: 1 | 2, bytes: Uint8Array): void;
  writeFile(path: string, text: string): void;
  /** Text of a file, or why it cannot be read. */
  readFile(path: string): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };
  isFolder(path: string): boolean;
  readStdin(): Promise<string>;
  /** The next bytes of standard input, at most so many; waits for them, and gives none at the end. */
  readInput(position: number, length: number): Uint8Array;
  /** Standard input in pieces, for what may be larger than memory. */
  stdin(): AsyncIterable<Uint8Array>;
}

/** 0 all is well, 1 a claim failed, 2 unusable input; `run` ends with the status of its program. */
export type ExitCode = number;
