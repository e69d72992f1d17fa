import { byteStates, heapReport, linkOf, pointerOf, reachOfBlocks } from '../kernel/heap/index.ts';
import type { KernelState } from '../kernel/index.ts';
import type { Quantity } from '../protocol/commands.ts';
import { nothing, number, truth, word, type Value } from './expression/evaluate.ts';
import type { PointerField } from './expression/names.ts';

/** A place behind a pointer, as an expression names it: `p0:a`, `p0:a+24b`. */
interface PointerPlace {
  readonly task: number;
  readonly name: string;
  readonly offset: Quantity;
}

/** The address of a place behind a pointer; null when the task has no such name. */
export function pointerAddress(k: KernelState, { task, name, offset }: PointerPlace): number | null {
  const pointer = pointerOf(k, task, name);
  return pointer === null ? null : pointer.address + offset.bytes;
}

const HEADER = 16;

/** What an expression asks of a pointer. */
export function pointerValue(k: KernelState, place: PointerPlace & { readonly field: PointerField }): Value {
  const { task, name, field } = place;
  const pointer = pointerOf(k, task, name);
  if (pointer === null) return nothing(`p${task} has no pointer ${name}`);
  const { address } = pointer;
  if (field === 'dangling') return truth(pointer.freed !== 0);
  if (field === 'same_block') return word(address === 0 ? 'none' : String(address));
  if (field === 'link') return linkValue(k, task, address);
  if (field === 'holds') return word(byteStates(k, task, address + place.offset.bytes, 1)[0]!);
  const block = reachOfBlocks(k, task).find((each) => each.address === address);
  if (field === 'reach') return word(block?.reach ?? 'gone');
  const { chunks, start, end } = heapReport(k, task);
  const inHeap = address >= start && address < end;
  const chunk = chunks.find(({ data, address: at, size }) => data !== 0 && data <= address && address < at + size);
  switch (field) {
    case 'life':
      return word(inHeap ? (chunk?.state ?? 'gone') : block === undefined ? 'gone' : 'mapped');
    case 'place':
      return word(inHeap ? 'heap' : block === undefined ? 'gone' : 'mapping');
    case 'offset':
      return inHeap ? number(address - start) : nothing(`${name} is not in the heap`);
    case 'asked':
      return block === undefined ? nothing(`${name} has no block`) : number(block.asked);
    case 'usable':
      return block === undefined ? nothing(`${name} has no block`) : number(block.usable);
    case 'chunk_size':
      if (inHeap && chunk !== undefined) return number(chunk.size);
      return block === undefined ? nothing(`${name} has no block`) : number(block.usable + HEADER);
  }
}

/** The block that a freed one's link leads to; no two ends of lists are the same block. */
function linkValue(k: KernelState, task: number, address: number): Value {
  const link = linkOf(k, task, address);
  return word(link === null || link === 0 ? 'nowhere' : String(link));
}
