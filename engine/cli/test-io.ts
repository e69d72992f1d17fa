import type { Io } from './io.ts';

/** A host for tests: files and standard input are given, what is written is kept. */
export class TestIo implements Io {
  stdout = '';
  stderr = '';

  constructor(
    private readonly files: Readonly<Record<string, string>> = {},
    private readonly input = '',
  ) {}

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }

  write(fd: 1 | 2, bytes: Uint8Array): void {
    const text = new TextDecoder('latin1').decode(bytes);
    if (fd === 1) this.out(text);
    else this.err(text);
  }

  readonly written: Record<string, string> = {};
  writeFile(path: string, text: string): void {
    this.written[path] = text;
  }

  readFile(path: string): ReturnType<Io['readFile']> {
    const text = this.files[path];
    return text === undefined ? { ok: false, why: 'there is no such file' } : { ok: true, text };
  }

  isFolder(path: string): boolean {
    return Object.keys(this.files).some((file) => file.startsWith(`${path.replace(/\/$/, '')}/`));
  }

  async readStdin(): Promise<string> {
    return this.input;
  }

  readInput(position: number, length: number): Uint8Array {
    return new TextEncoder().encode(this.input).subarray(position, position + length);
  }

  async *stdin(): AsyncIterable<Uint8Array> {
    yield new TextEncoder().encode(this.input);
  }

  get lines(): unknown[] {
    return this.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  }
}
