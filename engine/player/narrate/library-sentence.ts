import { MALLOC_STEPS } from '../../kernel/heap/index.ts';
import type { CommandResult } from '../../protocol/commands.ts';
import type { BlockView, LibraryCall } from '../../protocol/library-calls.ts';
import { linkWords } from '../outcome.ts';
import type { Tally } from './tally.ts';
import { counted } from './words.ts';

/** What a program did with its heap. */
export function librarySentence(who: string, call: LibraryCall, result: CommandResult, tally: Tally): string {
  if (result.died === true && result.sig !== undefined) return deathSentence(who, call, result, tally);
  if (result.sig !== undefined) return `${who} ${wish(call)}, and the access ends in ${result.sig}.`;
  if (result.errno !== undefined) return refusal(who, call, result, tally);
  switch (call.op) {
    case 'free':
      return freeSentence(who, call.name, tally);
    case 'loop':
      return `${who} ${call.action === 'malloc' ? 'allocates' : 'frees'} ${counted(call.count, 'block')}. ${asked(tally)}`;
    case 'fill':
      return `${who} writes ${counted(call.count, 'byte')} from ${call.name} on${damage(tally)}.${pages(tally)}`;
    case 'null':
      return `${who} sets ${call.name} to NULL.`;
    case 'store':
      return `${who} stores the pointer ${call.target} at byte ${call.shift} of ${call.name}${damage(tally)}.`;
    case 'raw':
    case 'prev':
      return `${who} reads a word ${call.op === 'raw' ? 'of' : 'in front of'} ${call.name}: ${result.library?.word ?? '0x0'}${linkText(result)}.`;
    case 'usable':
      return `Of ${call.name} ${counted(result.library?.value ?? 0, 'byte')} may be used.`;
    case 'show':
      return showSentence(call.name, result.library?.block ?? null);
    case 'mallopt':
      return `${who} sets ${call.parameter} to ${call.value}${result.library?.value === 0 ? ', and it is refused' : ''}.`;
    case 'trim':
      return trimSentence(who, result, tally);
    case 'mallinfo':
      return infoSentence(who, result);
    case 'malloc_stats':
      return `${who} has the library write its statistics.`;
    default:
      return blockSentence(who, call, result, tally);
  }
}

/** What a word means where it is a link of a free list. */
const linkText = ({ library }: CommandResult): string =>
  library?.link === undefined ? '' : `, ${linkWords(library.link)}`;

/** What the call asks for, as a part of a sentence. */
function wish(call: LibraryCall): string {
  switch (call.op) {
    case 'malloc':
    case 'valloc':
      return `asks for ${counted(call.bytes, 'byte')} as ${call.name}`;
    case 'calloc':
      return `asks for ${call.count} × ${counted(call.bytes, 'byte')} of zeros as ${call.name}`;
    case 'memalign':
    case 'aligned_alloc':
    case 'posix_memalign':
      return `asks for ${counted(call.bytes, 'byte')} as ${call.name}, at a multiple of ${call.alignment}`;
    case 'realloc':
      return `makes ${call.name} ${counted(call.bytes, 'byte')} long${call.target === call.name ? '' : `, as ${call.target}`}`;
    case 'reallocarray':
      return `makes ${call.name} ${call.count} × ${counted(call.bytes, 'byte')} long`;
    case 'free':
      return `frees ${call.name}`;
    case 'fill':
      return `writes from ${call.name} on`;
    case 'raw':
    case 'prev':
      return `reads at ${call.name}`;
    default:
      return `calls ${call.op}`;
  }
}

function blockSentence(who: string, call: LibraryCall, { library }: CommandResult, tally: Tally): string {
  const block = library?.block ?? null;
  if (block === null) return `${who} ${wish(call)} and gets NULL.`;
  const moved = library?.moved === undefined ? '' : library.moved ? ' It is elsewhere now.' : ' It stays where it is.';
  const from = origin(tally);
  return `${who} ${wish(call)} and may use ${block.usable}.${from}${moved} ${asked(tally)}${pages(tally)}`;
}

const stepNames = ({ librarySteps }: Tally): readonly string[] => librarySteps.map((index) => MALLOC_STEPS[index]!);

/** Where the block came from: the last step that found it. */
function origin(tally: Tally): string {
  const steps = stepNames(tally);
  const last = [...steps].reverse().find((step) => step in ORIGIN);
  return last === undefined ? '' : ` ${ORIGIN[last as keyof typeof ORIGIN]}`;
}
const ORIGIN = {
  'tcache.hit': 'The thread’s cache had one of that size.',
  'fastbin.hit': 'A fastbin had one of that size.',
  'smallbin.hit': 'A small bin had one of that size.',
  split: 'A free chunk was cut in two.',
  'bin.search': 'A free chunk fitted.',
  'top.carve': 'It is cut from the top of the heap.',
  'system.mmap': 'It is a mapping of its own.',
  'design.split': 'A free block was cut in two.',
  'design.take': 'A free block fitted.',
} as const;

/** What the kernel had to do with it. */
const asked = ({ syscalls }: Tally): string =>
  syscalls === 0 ? 'The kernel is not asked.' : `The kernel is asked: ${counted(syscalls, 'system call')}.`;

const pages = ({ faults }: Tally): string =>
  faults.length === 0 ? '' : ` ${counted(faults.length, 'page is', 'pages are')} touched for the first time.`;

const damage = (tally: Tally): string => (tally.damage === null ? '' : ', not all of it its own');

function freeSentence(who: string, name: string, tally: Tally): string {
  const { breakChange, unmappedPages, syscalls } = tally;
  const what = `${who} frees ${name}, which now points at nothing of its own.`;
  if (breakChange < 0) return `${what} The top grew large, so the break moves down by ${counted(-breakChange, 'page')}.`;
  if (syscalls > 0) return `${what} It was a mapping: ${counted(unmappedPages, 'frame')} ${unmappedPages === 1 ? 'goes' : 'go'} back to the kernel at once.`;
  return `${what} The library keeps its pages for the next request; the kernel learns nothing of it.`;
} // prettier-ignore

function trimSentence(who: string, { library }: CommandResult, { breakChange, freedFrames }: Tally): string {
  if (library?.value !== 1) return `${who} asks the library to give back what it can: nothing.`;
  const moved = breakChange < 0 ? `the break moves down by ${counted(-breakChange, 'page')}, ` : '';
  return `${who} asks the library to give back what it can: ${moved}${counted(freedFrames, 'frame')} become free.`;
}

function infoSentence(who: string, { library }: CommandResult): string {
  const info = library?.info ?? {};
  return `The heap of ${who} has ${info.uordblks ?? 0} bytes in use and ${info.fordblks ?? 0} free.`;
}

const showSentence = (name: string, block: BlockView | null): string =>
  block === null
    ? `${name} is NULL.`
    : `${name} lies in a chunk of ${block.chunkSize} bytes, of which ${block.usable} may be used; flags ${block.flags || 'none'}.`;

function refusal(who: string, call: LibraryCall, { errno }: CommandResult, tally: Tally): string {
  const kernel = tally.error === 0 ? 'without asking the kernel' : 'because the kernel refuses';
  const kept = call.op === 'realloc' || call.op === 'reallocarray' ? ` The old block is as it was.` : '';
  return `${who} ${wish(call)} and gets NULL with ${String(errno)}, ${kernel}.${kept}`;
}

function deathSentence(who: string, call: LibraryCall, { sig, reason }: CommandResult, { blame }: Tally): string {
  const earlier = blame === 0 ? '' : ' The damage was done earlier, by another command.';
  const why = sig === 'SIGABRT' ? `The allocator says “${reason ?? ''}” and ends it with SIGABRT.` : `It ends with ${sig ?? ''}: ${reason ?? ''}.`;
  return `${who} ${wish(call)}. ${why}${earlier}`;
} // prettier-ignore
