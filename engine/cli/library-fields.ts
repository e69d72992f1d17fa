import type { CommandResult } from '../protocol/commands.ts';
import type { BlockView, LibraryCall } from '../protocol/library-calls.ts';

/** Members of a JSON line for a call of the allocator: those of malloc scripts, then what the kernel did for it. */
export function libraryFields(call: LibraryCall, result: CommandResult): Record<string, unknown> {
  const { library, errno, sig, code, reason, min, maj, cost } = result;
  if (result.died === true) {
    const how = sig === undefined ? true : reason?.startsWith('it goes round') === true ? reason : sig;
    return { died: how, ...(library?.text === undefined ? {} : { stderr: library.text }) };
  }
  return {
    ...(library?.block === undefined ? {} : where(library.block)),
    ...(library?.moved === undefined ? {} : { moved: Number(library.moved) }),
    ...(library?.zero === undefined ? {} : { zero: Number(library.zero) }),
    ...(library?.value === undefined ? {} : { [call.op === 'usable' ? 'usable' : 'ret']: library.value }),
    ...(library?.word === undefined ? {} : { [call.op]: library.word }),
    ...(library?.link === undefined ? {} : { link: library.link }),
    ...(library?.info === undefined ? {} : { mi: library.info }),
    ...(library?.text === undefined ? {} : { text: library.text }),
    ...(errno === undefined ? {} : { errno }),
    ...(sig === undefined ? {} : { sig, code: code ?? '?', done: 0 }),
    ...(min === undefined ? {} : { min, maj }),
    ...(cost === undefined ? {} : { ns: cost }),
  };
}

function where(block: BlockView | null): Record<string, unknown> {
  if (block === null) return { at: null };
  const { at, pageOffset, usable, chunkSize, flags } = block;
  const place = at === null ? { at: 'mmap', pgoff: pageOffset } : { at };
  return { ...place, usable, csize: chunkSize, fl: flags };
}
