import type { CommandResult, WalkStep } from '../protocol/commands.ts';
import type { LibraryResult } from '../protocol/library-calls.ts';

/** What `ret` and `errno` mean in expressions, and what the console prints behind a command. */

/** The errno a call failed with, or null. A break that stays where it is is what sbrk(3) reports as ENOMEM. */
export function errnoOf({ errno, ret }: CommandResult): string | null {
  if (errno !== undefined) return errno;
  return typeof ret === 'string' && ret.startsWith('unchanged') ? 'ENOMEM' : null;
}

/** The return value as expressions see it: a number, `ok`, or the name of the errno or signal it ended in. */
export function returnValue(result: CommandResult): number | string {
  const failed = result.panic !== undefined ? 'panic' : (errnoOf(result) ?? result.sig);
  if (failed !== undefined) return failed;
  return typeof result.ret === 'number' ? result.ret : 'ok';
}

/** Whether a step that does not expect it has to fail. */
export const hasFailed = (result: CommandResult): boolean =>
  errnoOf(result) !== null || result.sig !== undefined || result.died === true || result.panic !== undefined;

/** The words that excuse a failure when a claim of the step names one of them. */
export function failureWords(result: CommandResult): string[] {
  const death = result.died === true && result.sig === undefined ? 'SIGKILL' : null;
  const panic = result.panic === undefined ? null : 'panic';
  return [errnoOf(result), result.sig ?? null, death, panic].filter((w) => w !== null);
}

/** One line for people. */
export function outcomeText(result: CommandResult): string {
  const { sig, reason, bytes, ret, library, walk, panic, text, usage } = result;
  if (panic !== undefined) return `kernel panic: ${panic}`;
  if (sig !== undefined) return `${sig}${reason === undefined ? '' : ` (${reason})`}`;
  if (result.errno !== undefined) return result.errno;
  if (text !== undefined) return text.trimEnd();
  if (usage !== undefined) return `maxrss ${usage.maxrss} kB, minflt ${usage.minflt}, majflt ${usage.majflt}`;
  if (bytes !== undefined) return bytes.join(' ');
  if (walk !== undefined) return `${walkText(walk)}; tlb ${result.tlb ?? 'miss'}`;
  if (library !== undefined) return libraryText(library, ret);
  if (result.status !== undefined) return `${String(ret)}, status ${result.status}`;
  return ret === undefined || ret === 0 ? 'ok' : String(ret);
}

/** Where the link in a freed block leads, decoded. */
export function linkWords(link: string): string {
  if (link === 'end') return 'the link of the last block of a list';
  return link === 'outside' ? 'a link that leads out of the heap' : `a link that leads to ${link}`;
}

/** What a call of the allocator gave: the place of the block and what may be used of it, a count, or a text. */
function libraryText(
  { block, moved, value, info, text, word, link }: LibraryResult,
  ret: number | string = 'ok',
): string {
  if (block != null) {
    const where = moved === true ? 'moved to ' : '';
    return `${where}${ret}, ${block.usable} usable of a chunk of ${block.chunkSize} [${block.flags}]`;
  }
  if (info !== undefined) return `in use ${info.uordblks}, free ${info.fordblks}, mapped ${info.hblkhd}`;
  if (word !== undefined && link !== undefined) return `${word}, ${linkWords(link)}`;
  return word ?? text?.trimEnd().replaceAll('\n', '; ') ?? String(value ?? ret);
}

/** `L4[255] 0000000000001067, L3[511] …`: each level's index and entry. */
export const walkText = (walk: readonly WalkStep[]): string =>
  walk.map(({ level, index, entry }) => `L${level}[${index}] ${entry}`).join(', ');
