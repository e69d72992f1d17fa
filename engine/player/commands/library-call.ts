import { loopNames, MALLOPT_NAMES, type LibraryCall, type LibraryOp } from '../../protocol/library-calls.ts';
import type { MallocReader } from './parse-malloc-words.ts';

/** Calls of the allocator: how they are read and written, in scripts of their own and behind `pN`. */

/** How each is written, without the task. */
export const LIBRARY_USAGE: Readonly<Record<LibraryOp, string>> = {
  malloc: 'malloc NAME BYTES',
  free: 'free NAME [SHIFT]',
  calloc: 'calloc NAME N BYTES',
  realloc: 'realloc NAME BYTES [NEWNAME]',
  reallocarray: 'reallocarray NAME N BYTES [NEWNAME]',
  memalign: 'memalign NAME ALIGNMENT BYTES',
  aligned_alloc: 'aligned_alloc NAME ALIGNMENT BYTES',
  posix_memalign: 'posix_memalign NAME ALIGNMENT BYTES',
  valloc: 'valloc NAME BYTES',
  usable: 'usable NAME',
  show: 'show NAME',
  null: 'null NAME',
  store: 'store NAME SHIFT POINTER',
  fill: 'fill NAME BYTE COUNT',
  raw: 'raw NAME INDEX',
  prev: 'prev NAME',
  loop: 'loop malloc|free PREFIX N [BYTES]',
  mallopt: 'mallopt PARAMETER VALUE',
  trim: 'trim PAD',
  mallinfo: 'mallinfo',
  malloc_stats: 'malloc_stats',
};

export function readLibraryCall(op: LibraryOp, read: MallocReader): LibraryCall {
  switch (op) {
    case 'malloc':
    case 'valloc': {
      const name = read.newName();
      return { op, name, bytes: read.word('BYTES') };
    }
    case 'calloc': {
      const name = read.newName();
      return { op, name, count: read.word('N'), bytes: read.word('BYTES') };
    }
    case 'realloc': {
      const name = read.knownName();
      const bytes = read.word('BYTES');
      return { op, name, bytes, target: read.done ? name : read.newName() };
    }
    case 'reallocarray': {
      const name = read.knownName();
      const [count, bytes] = [read.word('N'), read.word('BYTES')];
      return { op, name, count, bytes, target: read.done ? name : read.newName() };
    }
    case 'memalign':
    case 'aligned_alloc':
    case 'posix_memalign': {
      const name = read.newName();
      return { op, name, alignment: read.word('ALIGNMENT'), bytes: read.word('BYTES') };
    }
    case 'free':
      return { op, name: read.knownName(), shift: read.done ? 0 : read.word('SHIFT') };
    case 'show':
    case 'usable':
    case 'prev':
    case 'null':
      return { op, name: read.knownName() };
    case 'store': {
      const name = read.knownName();
      return { op, name, shift: read.word('SHIFT'), target: read.knownName() };
    }
    case 'fill':
      return { op, name: read.knownName(), byte: read.int('BYTE') & 0xff, count: read.word('COUNT') };
    case 'raw':
      return { op, name: read.knownName(), index: read.word('INDEX') };
    case 'mallopt':
      return { op, parameter: read.oneOf('PARAMETER', MALLOPT_NAMES), value: read.int('VALUE') };
    case 'trim':
      return { op, pad: read.word('PAD') };
    case 'loop': {
      const action = read.oneOf('malloc or free', ['malloc', 'free'] as const);
      const names = read.numberedNames();
      return { op, action, ...names, bytes: action === 'malloc' ? read.word('BYTES') : 0 };
    }
    case 'mallinfo':
    case 'malloc_stats':
      return { op };
  }
}

/** Names that stand for a pointer behind the call. */
export function pointersMade(call: LibraryCall): readonly string[] {
  if (call.op === 'loop') return loopNames(call);
  if (call.op === 'realloc' || call.op === 'reallocarray') return [call.target];
  return 'name' in call ? [call.name] : [];
}

/** The one canonical spelling. */
export function formatLibraryCall(call: LibraryCall): string {
  return [call.op, ...argumentsOf(call)].join(' ');
}

function argumentsOf(call: LibraryCall): readonly (string | number)[] {
  switch (call.op) {
    case 'malloc':
    case 'valloc':
      return [call.name, word(call.bytes)];
    case 'calloc':
      return [call.name, word(call.count), word(call.bytes)];
    case 'realloc':
      return [call.name, word(call.bytes), ...renamed(call)];
    case 'reallocarray':
      return [call.name, word(call.count), word(call.bytes), ...renamed(call)];
    case 'memalign':
    case 'aligned_alloc':
    case 'posix_memalign':
      return [call.name, word(call.alignment), word(call.bytes)];
    case 'free':
      return call.shift === 0 ? [call.name] : [call.name, word(call.shift)];
    case 'show':
    case 'usable':
    case 'prev':
    case 'null':
      return [call.name];
    case 'store':
      return [call.name, word(call.shift), call.target];
    case 'fill':
      return [call.name, call.byte, word(call.count)];
    case 'raw':
      return [call.name, word(call.index)];
    case 'mallopt':
      return [call.parameter, call.value];
    case 'trim':
      return [word(call.pad)];
    case 'loop':
      return [call.action, call.prefix, call.count, ...(call.action === 'malloc' ? [word(call.bytes)] : [])];
    default:
      return [];
  }
}

const renamed = ({ name, target }: { name: string; target: string }): readonly string[] =>
  name === target ? [] : [target];

/** All digits of a 64-bit word; a double next to 2^63 stands for the largest positive one. */
function word(value: number): string {
  const exact = BigInt(value);
  return String(exact >= 2n ** 63n ? 2n ** 63n - 1n : exact);
}
