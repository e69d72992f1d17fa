import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Io } from './io.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
};

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
  stdin: () => process.stdin,
};
