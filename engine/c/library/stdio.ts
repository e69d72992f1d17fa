import type { Call, LibraryFunction } from './call.ts';
import { errorText } from './errors.ts';
import { formatText } from './format.ts';

/** struct _IO_FILE of runtime.ts: offsets in bytes. */
const FILE = { fd: 0, mode: 4, failed: 8, buffer: 16, size: 24, used: 32 } as const;
const MODE = { full: 0, line: 1, none: 2 } as const;
/** st_blksize of a pipe, which standard output counts as. */
const BUFFER_BYTES = 4096;
const NEWLINE = 10;

function writeAll(c: Call, file: number, bytes: Uint8Array): boolean {
  if (bytes.length === 0) return true;
  const written = c.system.write(c.cpu.loadAt(file + FILE.fd, 4), bytes);
  if (written >= 0) return true;
  c.cpu.storeAt(file + FILE.failed, 4, 1);
  c.result(written);
  return false;
}

function flush(c: Call, file: number): boolean {
  const used = c.word(file + FILE.used);
  if (used === 0) return true;
  const bytes = c.cpu.read(c.word(file + FILE.buffer), used);
  c.setWord(file + FILE.used, 0);
  return writeAll(c, file, bytes);
}

/**
 * Source: glibc 2.36 libio/fileops.c _IO_new_file_xsputn: fills the buffer, then writes whole blocks directly and keeps
 * the rest; the buffer is made at the first use (libio/filedoalloc.c).
 */
function put(c: Call, file: number, bytes: Uint8Array): boolean {
  const mode = c.cpu.loadAt(file + FILE.mode, 4);
  if (mode === MODE.none) return writeAll(c, file, bytes);
  if (c.word(file + FILE.buffer) === 0) {
    const buffer = c.caller.heap((allocator) => allocator.malloc(BUFFER_BYTES));
    if (buffer === 0) return writeAll(c, file, bytes);
    c.setWord(file + FILE.buffer, buffer);
    c.setWord(file + FILE.size, BUFFER_BYTES);
  }
  const size = c.word(file + FILE.size);
  const used = c.word(file + FILE.used);
  const first = bytes.subarray(0, size - used);
  c.cpu.write(c.word(file + FILE.buffer) + used, first);
  c.setWord(file + FILE.used, used + first.length);
  const rest = bytes.subarray(first.length);
  if (rest.length > 0) {
    if (!flush(c, file)) return false;
    const whole = rest.length - (rest.length % size);
    if (!writeAll(c, file, rest.subarray(0, whole))) return false;
    c.cpu.write(c.word(file + FILE.buffer), rest.subarray(whole));
    c.setWord(file + FILE.used, rest.length - whole);
  }
  return mode !== MODE.line || !bytes.includes(NEWLINE) || flush(c, file);
}

/** The text of a printf whose variable arguments begin at `from`, one byte a character. */
function formatted(c: Call, format: number, from: number): Uint8Array {
  const text = formatText(c.string(format), {
    bits: (n) => c.bigAt(from + 8 * n),
    double: (n) => c.doubleAt(from + 8 * n),
    string: (address, limit) => c.string(address, limit),
    store: (address, size, count) =>
      size === 8 ? c.setWord(address, count) : c.cpu.storeAt(address, size as 4, count),
    errorText: () => errorText(c.errno),
  });
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const output = (c: Call, file: number, bytes: Uint8Array): number => (put(c, file, bytes) ? bytes.length : -1);
const stdout = (c: Call): number => c.word(c.symbol('stdout'));
/** Where the arguments of a va_list go on. */
const listStart = (c: Call, n: number): number => c.word(c.long(n) + 8);

function toString(c: Call, to: number, limit: number, bytes: Uint8Array): number {
  if (limit > 0) {
    const kept = bytes.subarray(0, Math.min(bytes.length, limit - 1));
    c.cpu.write(to, Uint8Array.from([...kept, 0]));
  }
  return bytes.length;
}

function allocated(c: Call, bytes: Uint8Array): number {
  const block = c.caller.heap((allocator) => allocator.malloc(bytes.length + 1));
  if (block === 0) return -1;
  c.cpu.write(block, Uint8Array.from([...bytes, 0]));
  c.setWord(c.long(0), block);
  return bytes.length;
}

export const STDIO: Readonly<Record<string, LibraryFunction>> = {
  printf: (c) => output(c, stdout(c), formatted(c, c.long(0), c.slot(1))),
  fprintf: (c) => output(c, c.long(0), formatted(c, c.long(1), c.slot(2))),
  sprintf: (c) => toString(c, c.long(0), Infinity, formatted(c, c.long(1), c.slot(2))),
  snprintf: (c) => toString(c, c.long(0), c.size(1), formatted(c, c.long(2), c.slot(3))),
  asprintf: (c) => allocated(c, formatted(c, c.long(1), c.slot(2))),
  dprintf: (c) => c.result(c.system.write(c.int(0), formatted(c, c.long(1), c.slot(2)))),
  vprintf: (c) => output(c, stdout(c), formatted(c, c.long(0), listStart(c, 1))),
  vfprintf: (c) => output(c, c.long(0), formatted(c, c.long(1), listStart(c, 2))),
  vsprintf: (c) => toString(c, c.long(0), Infinity, formatted(c, c.long(1), listStart(c, 2))),
  vsnprintf: (c) => toString(c, c.long(0), c.size(1), formatted(c, c.long(2), listStart(c, 3))),
  vdprintf: (c) => c.result(c.system.write(c.int(0), formatted(c, c.long(1), listStart(c, 2)))),
  fwrite: (c) => {
    const bytes = c.size(1) * c.size(2);
    return bytes === 0 || put(c, c.long(3), c.cpu.read(c.long(0), bytes)) ? (c.size(1) === 0 ? 0 : c.size(2)) : 0;
  },
  __flush: (c) => (flush(c, c.long(0)) ? 0 : -1),
  __error_text: (c) => {
    c.cpu.write(c.long(1), new TextEncoder().encode(`${errorText(c.int(0))}\0`));
    return c.long(1);
  },
  strtod: (c) => {
    const text = new TextDecoder('latin1').decode(c.string(c.long(0)));
    const match =
      /^\s*([-+]?(?:inf(?:inity)?|nan|0x[0-9a-f]+(?:\.[0-9a-f]*)?(?:p[-+]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?))/i.exec(
        text,
      );
    if (c.long(1) !== 0) c.setWord(c.long(1), c.long(0) + (match?.[0].length ?? 0));
    return { double: match === null ? 0 : numberOf(match[1]!.toLowerCase()) };
  },
};

function numberOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const bare = text.replace(/^[-+]/, '');
  if (bare.startsWith('inf')) return sign * Infinity;
  if (bare.startsWith('nan')) return NaN;
  const hex = /^0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([-+]?\d+))?$/.exec(bare);
  if (hex === null) return sign * Number(bare);
  return sign * Number(BigInt(`0x0${hex[1]}${hex[2]}`)) * 2 ** (Number(hex[3] ?? 0) - hex[2]!.length * 4);
}
