import { readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import type { Io } from './io.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
};

/** Between two looks at an input that has nothing yet. */
const INPUT_PAUSE_MS = 10;

/** The terminal, the files and the pipes of this process. */
export const nodeIo: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  write: (fd, bytes) => void (fd === 1 ? process.stdout : process.stderr).write(bytes),
  writeFile: (path, text) => writeFileSync(path, text),
  readFile(path) {
    try {
      return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      return { ok: false, why: WHY[code] ?? (error instanceof TypeError ? 'it is no UTF-8 text' : String(code)) };
    }
  },
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  async readStdin() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  },
  readInput(_position, length) {
    const bytes = Buffer.alloc(length);
    for (;;) {
      try {
        return bytes.subarray(0, readSync(0, bytes, 0, length, null));
      } catch (error) {
        // A terminal that has nothing yet says so; whoever reads waits.
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EOF') return bytes.subarray(0, 0);
        if (code !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, INPUT_PAUSE_MS);
      }
    }
  },
  stdin: () => process.stdin,
};
