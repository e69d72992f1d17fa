import { SP } from '../cpu/isa.ts';
import type { Call, LibraryFunction } from './call.ts';

/** Streams of stdio.h: struct _IO_FILE of runtime.ts, offsets in bytes. */
const FILE = {
  fd: 0, mode: 4, failed: 8, ended: 12, buffer: 16, size: 24, used: 32, // used: bytes that wait to be written
  at: 40, filled: 48, // what was read ahead: the next byte of it, and how much there is
  back: 56, // 1 + the byte that ungetc put back
  next: 64, // the stream opened before
} as const; // prettier-ignore
const MODE = { full: 0, line: 1, none: 2 } as const;
/** st_blksize: of a pipe, which standard output counts as, and of a file; files below /proc say less. */
const BLOCK_BYTES = 4096;
const PROC_BLOCK_BYTES = 1024;
const PROC_MODE = 0o100444;
const NEWLINE = 10;
/** What malloc is asked for by fopen. Source: glibc 2.36 libio/iofopen.c struct locked_FILE. */
const FILE_BYTES = 472;
const OPEN = { WRONLY: 1, RDWR: 2, CREAT: 0o100, EXCL: 0o200, TRUNC: 0o1000, APPEND: 0o2000 } as const;

const fdOf = (c: Call, file: number): number => c.cpu.loadAt(file + FILE.fd, 4);

function fail(c: Call, file: number, error: number): false {
  c.cpu.storeAt(file + FILE.failed, 4, 1);
  c.result(error);
  return false;
}

/** Bytes in memory from an address go to the file of the stream. */
function writeFrom(c: Call, file: number, bytes: Uint8Array, address: number): boolean {
  for (let done = 0; done < bytes.length;) {
    const written = c.system.write(fdOf(c, file), bytes.subarray(done), address + done);
    if (written < 0) return fail(c, file, written);
    done += written;
  }
  return true;
}

/** Bytes without an address: a stream without a buffer has them below the stack for the moment, as glibc has. */
function writeLoose(c: Call, file: number, bytes: Uint8Array): boolean {
  if (bytes.length === 0) return true;
  const stat = c.system.stat(fdOf(c, file));
  const regular = typeof stat !== 'number' && (stat.mode & 0o170000) === 0o100000;
  if (!regular) {
    const written = c.system.write(fdOf(c, file), bytes, null);
    return written >= 0 || fail(c, file, written);
  }
  const place = c.cpu.number(SP) - 256 - bytes.length;
  c.cpu.write(place, bytes);
  return writeFrom(c, file, bytes, place);
}

export function flush(c: Call, file: number): boolean {
  // What was read ahead is given back, so that the file's position is what the program has read.
  const ahead = c.word(file + FILE.filled) - c.word(file + FILE.at);
  if (ahead > 0) {
    const moved = c.system.seek(fdOf(c, file), -ahead, 1);
    if (moved >= 0) {
      c.setWord(file + FILE.at, 0);
      c.setWord(file + FILE.filled, 0);
    }
  }
  const used = c.word(file + FILE.used);
  if (used === 0) return true;
  const buffer = c.word(file + FILE.buffer);
  const bytes = c.cpu.read(buffer, used);
  c.setWord(file + FILE.used, 0);
  return writeFrom(c, file, bytes, buffer);
}

/** The buffer is made at the first use. Source: glibc 2.36 libio/filedoalloc.c. @returns whether there is one */
function haveBuffer(c: Call, file: number): boolean {
  if (c.word(file + FILE.buffer) !== 0) return true;
  const stat = c.system.stat(fdOf(c, file));
  const bytes = typeof stat !== 'number' && stat.mode === PROC_MODE ? PROC_BLOCK_BYTES : BLOCK_BYTES;
  const buffer = c.caller.heap((allocator) => allocator.malloc(bytes));
  if (buffer === 0) return false;
  c.setWord(file + FILE.buffer, buffer);
  c.setWord(file + FILE.size, bytes);
  return true;
}

/**
 * Source: glibc 2.36 libio/fileops.c _IO_new_file_xsputn: fills the buffer, then writes whole blocks directly and keeps
 * the rest. @param address where the bytes lie in memory, if they do
 */
export function put(c: Call, file: number, bytes: Uint8Array): boolean {
  const mode = c.cpu.loadAt(file + FILE.mode, 4);
  if (mode === MODE.none || !haveBuffer(c, file)) return writeLoose(c, file, bytes);
  if (c.word(file + FILE.filled) !== 0) flush(c, file);
  const size = c.word(file + FILE.size);
  const used = c.word(file + FILE.used);
  const first = bytes.subarray(0, size - used);
  c.cpu.write(c.word(file + FILE.buffer) + used, first);
  c.setWord(file + FILE.used, used + first.length);
  const rest = bytes.subarray(first.length);
  if (rest.length > 0) {
    if (!flush(c, file)) return false;
    const whole = rest.length - (rest.length % size);
    if (!writeLoose(c, file, rest.subarray(0, whole))) return false;
    c.cpu.write(c.word(file + FILE.buffer), rest.subarray(whole));
    c.setWord(file + FILE.used, rest.length - whole);
  }
  return mode !== MODE.line || !bytes.includes(NEWLINE) || flush(c, file);
}

/** More of the file is read ahead. @returns whether there was any */
function fill(c: Call, file: number): boolean {
  if (c.cpu.loadAt(file + FILE.ended, 4) !== 0 && fdOf(c, file) === 0) return false;
  if (c.word(file + FILE.used) > 0) flush(c, file);
  if (!haveBuffer(c, file)) return false;
  const read = c.system.read(fdOf(c, file), c.word(file + FILE.buffer), c.word(file + FILE.size));
  c.setWord(file + FILE.at, 0);
  c.setWord(file + FILE.filled, Math.max(0, read));
  if (read > 0) return true;
  if (read < 0) return fail(c, file, read);
  c.cpu.storeAt(file + FILE.ended, 4, 1);
  return false;
}

/** The next byte of a stream, or −1. */
export function getByte(c: Call, file: number): number {
  const back = c.cpu.loadAt(file + FILE.back, 4);
  if (back !== 0) {
    c.cpu.storeAt(file + FILE.back, 4, 0);
    return back - 1;
  }
  if (c.word(file + FILE.at) >= c.word(file + FILE.filled) && !fill(c, file)) return -1;
  const at = c.word(file + FILE.at);
  c.setWord(file + FILE.at, at + 1);
  return c.cpu.loadAt(c.word(file + FILE.buffer) + at, 1);
}

export function ungetByte(c: Call, file: number, byte: number): number {
  if (byte === -1) return -1;
  c.cpu.storeAt(file + FILE.back, 4, (byte & 0xff) + 1);
  c.cpu.storeAt(file + FILE.ended, 4, 0);
  return byte & 0xff;
}

/** As many bytes as there are, up to a limit, or up to and with a byte. */
function getBytes(c: Call, file: number, limit: number, until: number | null): Uint8Array {
  const bytes: number[] = [];
  while (bytes.length < limit) {
    const byte = getByte(c, file);
    if (byte < 0) break;
    bytes.push(byte);
    if (byte === until) break;
  }
  return Uint8Array.from(bytes);
}

/** The flags of open(2) for a mode of fopen, or null. Source: glibc 2.36 libio/fileops.c _IO_new_file_fopen. */
function flagsOf(mode: string): number | null {
  const plus = mode.includes('+');
  const exclusive = mode.includes('x') ? OPEN.EXCL : 0;
  switch (mode[0]) {
    case 'r':
      return plus ? OPEN.RDWR : 0;
    case 'w':
      return (plus ? OPEN.RDWR : OPEN.WRONLY) | OPEN.CREAT | OPEN.TRUNC | exclusive;
    case 'a':
      return (plus ? OPEN.RDWR : OPEN.WRONLY) | OPEN.CREAT | OPEN.APPEND;
    default:
      return null;
  }
}

/** A stream on a descriptor, first in the list of all. */
function streamOn(c: Call, file: number, fd: number): number {
  c.cpu.fill(file, 0, FILE_BYTES);
  c.cpu.storeAt(file + FILE.fd, 4, fd);
  c.setWord(file + FILE.next, c.word(c.symbol('__files')));
  c.setWord(c.symbol('__files'), file);
  return file;
}

function fopen(c: Call): number {
  const flags = flagsOf(c.text(c.long(1)));
  if (flags === null) return c.fail('EINVAL') && 0;
  const file = c.caller.heap((allocator) => allocator.malloc(FILE_BYTES));
  if (file === 0) return 0;
  const fd = c.system.open(c.text(c.long(0)), flags);
  if (fd >= 0) return streamOn(c, file, fd);
  c.caller.heap((allocator) => allocator.free(file));
  c.result(fd);
  return 0;
}

function fclose(c: Call): number {
  const file = c.long(0);
  const done = flush(c, file);
  const closed = c.system.close(fdOf(c, file));
  let link = c.symbol('__files');
  while (c.word(link) !== 0 && c.word(link) !== file) link = c.word(link) + FILE.next;
  const opened = c.word(link) === file && c.cpu.loadAt(file + FILE.fd, 4) > 2;
  if (c.word(link) === file) c.setWord(link, c.word(file + FILE.next));
  const buffer = c.word(file + FILE.buffer);
  if (opened && buffer !== 0) c.caller.heap((allocator) => allocator.free(buffer));
  if (opened) c.caller.heap((allocator) => allocator.free(file));
  else c.cpu.storeAt(file + FILE.fd, 4, -1);
  if (closed < 0) return c.result(closed);
  return done ? 0 : -1;
}

function fread(c: Call): number {
  const [to, size, count, file] = [c.long(0), c.size(1), c.size(2), c.long(3)];
  if (size * count === 0) return 0;
  const bytes = getBytes(c, file, size * count, null);
  c.cpu.write(to, bytes);
  return Math.floor(bytes.length / size);
}

function fgets(c: Call): number {
  const [to, limit, file] = [c.long(0), c.int(1), c.long(2)];
  if (limit <= 0) return 0;
  const bytes = getBytes(c, file, limit - 1, NEWLINE);
  if (bytes.length === 0 && limit > 1) return 0;
  c.cpu.write(to, Uint8Array.from([...bytes, 0]));
  return to;
}

/** Source: glibc 2.36 libio/iogetdelim.c: starts with 120 bytes, then doubles. */
const FIRST_LINE_BYTES = 120;
function getdelim(c: Call, until: number, file: number): number {
  const bytes = getBytes(c, file, Infinity, until);
  const [line, size] = [c.long(0), c.long(1)];
  if (c.word(line) === 0 || c.word(size) === 0) {
    c.setWord(
      line,
      c.caller.heap((allocator) => allocator.malloc(FIRST_LINE_BYTES)),
    );
    c.setWord(size, FIRST_LINE_BYTES);
  }
  if (bytes.length === 0) return -1;
  const needed = bytes.length + 1;
  if (needed > c.word(size)) {
    const wanted = Math.max(needed, 2 * c.word(size));
    const old = c.word(line);
    c.setWord(
      line,
      c.caller.heap((allocator) => allocator.realloc(old, wanted)),
    );
    c.setWord(size, wanted);
  }
  c.cpu.write(c.word(line), Uint8Array.from([...bytes, 0]));
  return bytes.length;
}

function fseek(c: Call): number {
  const file = c.long(0);
  if (!flush(c, file)) return -1;
  c.setWord(file + FILE.at, 0);
  c.setWord(file + FILE.filled, 0);
  c.cpu.storeAt(file + FILE.back, 4, 0);
  c.cpu.storeAt(file + FILE.ended, 4, 0);
  return c.result(c.system.seek(fdOf(c, file), c.long(1), c.int(2))) < 0 ? -1 : 0;
}

function ftell(c: Call): number {
  const file = c.long(0);
  const at = c.result(c.system.seek(fdOf(c, file), 0, 1));
  if (at < 0) return -1;
  const ahead = c.word(file + FILE.filled) - c.word(file + FILE.at) + (c.cpu.loadAt(file + FILE.back, 4) === 0 ? 0 : 1);
  return at - ahead + c.word(file + FILE.used);
}

export const STREAMS: Readonly<Record<string, LibraryFunction>> = {
  fopen,
  fclose,
  fread,
  fgets,
  fseek,
  fseeko: fseek,
  ftell,
  ftello: ftell,
  fdopen: (c) =>
    streamOn(
      c,
      c.caller.heap((allocator) => allocator.malloc(FILE_BYTES)),
      c.int(0),
    ),
  fgetc: (c) => getByte(c, c.long(0)),
  getc: (c) => getByte(c, c.long(0)),
  getchar: (c) => getByte(c, c.word(c.symbol('stdin'))),
  ungetc: (c) => ungetByte(c, c.long(1), c.int(0)),
  getline: (c) => getdelim(c, NEWLINE, c.long(2)),
  getdelim: (c) => getdelim(c, c.int(2) & 0xff, c.long(3)),
  fwrite: (c) => {
    const bytes = c.size(1) * c.size(2);
    return bytes === 0 || put(c, c.long(3), c.cpu.read(c.long(0), bytes)) ? (c.size(1) === 0 ? 0 : c.size(2)) : 0;
  },
  __flush: (c) => (flush(c, c.long(0)) ? 0 : -1),
};
