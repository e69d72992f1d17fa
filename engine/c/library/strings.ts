import type { Call, LibraryFunction } from './call.ts';

/** string.h. Loads and stores go through the page tables; a fault in the middle repeats the call, as none changes what it reads. */

const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return (a[length] ?? 0) - (b[length] ?? 0);
};

/** Byte by byte up to the first difference, so that nothing behind it is touched. */
function memcmp(c: Call): number {
  const [a, b, n] = [c.long(0), c.long(1), c.size(2)];
  for (let i = 0; i < n; i++) {
    const difference = c.cpu.bytes[c.cpu.at(a + i, false)]! - c.cpu.bytes[c.cpu.at(b + i, false)]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function find(c: Call, limit: number): number {
  const [start, byte] = [c.long(0), c.int(1) & 0xff];
  for (let i = 0; i < limit; i++) if (c.cpu.bytes[c.cpu.at(start + i, false)] === byte) return start + i;
  return 0;
}

const put = (c: Call, to: number, bytes: Uint8Array): void => {
  c.cpu.write(to, bytes);
};
const withZero = (bytes: Uint8Array): Uint8Array => Uint8Array.from([...bytes, 0]);

function indexOf(hay: Uint8Array, needle: Uint8Array): number {
  for (let i = 0; i + needle.length <= hay.length; i++) {
    let j = 0;
    while (j < needle.length && hay[i + j] === needle[j]) j++;
    if (j === needle.length) return i;
  }
  return -1;
}

function span(c: Call, inside: boolean): number {
  const text = c.string(c.long(0));
  const set = c.string(c.long(1));
  const end = text.findIndex((byte) => set.includes(byte) !== inside);
  return end < 0 ? text.length : end;
}

function strchr(c: Call, missing: (end: number) => number): number {
  const start = c.long(0);
  const byte = c.int(1) & 0xff;
  for (let at = start; ; at++) {
    const here = c.cpu.bytes[c.cpu.at(at, false)]!;
    if (here === byte) return at;
    if (here === 0) return missing(at);
  }
}

const lower = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

function copyForward(c: Call): number {
  const [to, from, n] = [c.long(0), c.long(1), c.size(2)];
  checkSize(c, from, n);
  c.cpu.copy(to, from, n);
  return to;
}

/** A length that no memory has: the access that would fail is made at once. */
function checkSize(c: Call, address: number, n: number): void {
  if (n > 2 ** 40) for (let at = address; ; at += 4096) c.cpu.at(at, false);
}

export const STRINGS: Readonly<Record<string, LibraryFunction>> = {
  memcpy: copyForward,
  memmove: copyForward,
  mempcpy: (c) => copyForward(c) + c.size(2),
  memset: (c) => {
    const [to, byte, n] = [c.long(0), c.int(1) & 0xff, c.size(2)];
    c.cpu.fill(to, byte, n);
    return to;
  },
  explicit_bzero: (c) => c.cpu.fill(c.long(0), 0, c.size(1)),
  memcmp,
  memchr: (c) => find(c, c.size(2)),
  rawmemchr: (c) => find(c, Infinity),
  memrchr: (c) => {
    const [start, byte, n] = [c.long(0), c.int(1) & 0xff, c.size(2)];
    for (let i = n - 1; i >= 0; i--) if (c.cpu.bytes[c.cpu.at(start + i, false)] === byte) return start + i;
    return 0;
  },
  memmem: (c) => {
    const [hay, n, needle, m] = [c.long(0), c.size(1), c.long(2), c.size(3)];
    if (m > n) return 0;
    const at = indexOf(c.cpu.read(hay, n), c.cpu.read(needle, m));
    return at < 0 ? 0 : hay + at;
  },
  memccpy: (c) => {
    const [to, from, byte, n] = [c.long(0), c.long(1), c.int(2) & 0xff, c.size(3)];
    for (let i = 0; i < n; i++) {
      const value = c.cpu.bytes[c.cpu.at(from + i, false)]!;
      c.cpu.storeAt(to + i, 1, value);
      if (value === byte) return to + i + 1;
    }
    return 0;
  },
  strlen: (c) => c.string(c.long(0)).length,
  strnlen: (c) => c.string(c.long(0), c.size(1)).length,
  strcpy: (c) => {
    put(c, c.long(0), withZero(c.string(c.long(1))));
    return c.long(0);
  },
  stpcpy: (c) => {
    const text = c.string(c.long(1));
    put(c, c.long(0), withZero(text));
    return c.long(0) + text.length;
  },
  strncpy: (c) => {
    const padded = new Uint8Array(c.size(2));
    padded.set(c.string(c.long(1), c.size(2)));
    put(c, c.long(0), padded);
    return c.long(0);
  },
  strcat: (c) => {
    const end = c.long(0) + c.string(c.long(0)).length;
    put(c, end, withZero(c.string(c.long(1))));
    return c.long(0);
  },
  strncat: (c) => {
    const end = c.long(0) + c.string(c.long(0)).length;
    put(c, end, withZero(c.string(c.long(1), c.size(2))));
    return c.long(0);
  },
  strcmp: (c) => compareBytes(c.string(c.long(0)), c.string(c.long(1))),
  strncmp: (c) => compareBytes(c.string(c.long(0), c.size(2)), c.string(c.long(1), c.size(2))),
  strcasecmp: (c) => compareBytes(lower(c.string(c.long(0))), lower(c.string(c.long(1)))),
  strncasecmp: (c) => compareBytes(lower(c.string(c.long(0), c.size(2))), lower(c.string(c.long(1), c.size(2)))),
  strchr: (c) => strchr(c, () => 0),
  strchrnul: (c) => strchr(c, (end) => end),
  strrchr: (c) => {
    const text = withZero(c.string(c.long(0)));
    const at = text.lastIndexOf(c.int(1) & 0xff);
    return at < 0 ? 0 : c.long(0) + at;
  },
  strstr: (c) => {
    const at = indexOf(c.string(c.long(0)), c.string(c.long(1)));
    return at < 0 ? 0 : c.long(0) + at;
  },
  strspn: (c) => span(c, true),
  strcspn: (c) => span(c, false),
  strpbrk: (c) => {
    const at = span(c, false);
    return c.cpu.bytes[c.cpu.at(c.long(0) + at, false)] === 0 ? 0 : c.long(0) + at;
  },
};
