import type { Call, LibraryFunction } from './call.ts';
import { errorText } from './errors.ts';
import { formatText } from './format.ts';
import { put, STREAMS } from './streams.ts';
import { SCANNING } from './scan.ts';

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
  ...STREAMS,
  ...SCANNING,
  printf: (c) => output(c, stdout(c), formatted(c, c.long(0), c.slot(1))),
  fprintf: (c) => output(c, c.long(0), formatted(c, c.long(1), c.slot(2))),
  sprintf: (c) => toString(c, c.long(0), Infinity, formatted(c, c.long(1), c.slot(2))),
  snprintf: (c) => toString(c, c.long(0), c.size(1), formatted(c, c.long(2), c.slot(3))),
  asprintf: (c) => allocated(c, formatted(c, c.long(1), c.slot(2))),
  dprintf: (c) => c.result(c.system.write(c.int(0), formatted(c, c.long(1), c.slot(2)), null)),
  vprintf: (c) => output(c, stdout(c), formatted(c, c.long(0), listStart(c, 1))),
  vfprintf: (c) => output(c, c.long(0), formatted(c, c.long(1), listStart(c, 2))),
  vsprintf: (c) => toString(c, c.long(0), Infinity, formatted(c, c.long(1), listStart(c, 2))),
  vsnprintf: (c) => toString(c, c.long(0), c.size(1), formatted(c, c.long(2), listStart(c, 3))),
  vdprintf: (c) => c.result(c.system.write(c.int(0), formatted(c, c.long(1), listStart(c, 2)), null)),
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
