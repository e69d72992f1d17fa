import { NULL, type HeapView } from '../heap.ts';
import { addressOf, allStates, DIRECTORY, directoryBytes, startOf, UNIT_BYTES, unitsOf } from './bitmap-directory.ts';
import type { Stretch } from './design.ts';

/** Blocks and gaps in order of addresses, behind them the directory. */
export function walkBitmap(h: HeapView): Stretch[] {
  const stretches: Stretch[] = [];
  const states = allStates(h, unitsOf(h));
  for (let unit = 0; unit < states.length;) {
    const first = states[unit]!;
    const goesOn = first === 'first' ? 'more' : first;
    let to = unit + 1;
    while (to < states.length && states[to] === goesOn) to++;
    const address = addressOf(h, unit);
    // A unit that goes on with nothing can only come from damage; it is shown as one that nobody owns.
    const state = first === 'first' ? 'used' : first === 'free' ? 'free' : 'foreign';
    stretches.push({ address, bytes: (to - unit) * UNIT_BYTES, state, block: state === 'foreign' ? 0 : address });
    unit = to;
  }
  const bits = h.mem.load64(h.arena + DIRECTORY.bits);
  if (bits === NULL) return stretches;
  const bytes = directoryBytes(h.mem.load64(h.arena + DIRECTORY.capacity));
  return [...stretches, { address: bits, bytes, state: 'own', block: 0 }];
}

/** What holds of a directory in order. @returns one sentence for each broken rule */
export function checkBitmap(h: HeapView): string[] {
  const broken: string[] = [];
  const end = unitsOf(h);
  const capacity = h.mem.load64(h.arena + DIRECTORY.capacity);
  if (end > capacity) return [`the directory has room for ${end} units: ${capacity}`];
  if (startOf(h) % UNIT_BYTES !== 0) broken.push('the heap begins at a unit');
  const firstFree = h.mem.load64(h.arena + DIRECTORY.firstFree);
  const states = allStates(h, capacity);
  states.forEach((state, unit) => {
    const before = unit === 0 ? 'free' : states[unit - 1];
    if (state === 'more' && before !== 'first' && before !== 'more') broken.push(`unit ${unit} goes on with a block`);
    if (state === 'free' && unit < firstFree) broken.push(`unit ${unit} is not below the first free one, ${firstFree}`);
    if (state !== 'free' && unit >= end) broken.push(`unit ${unit} behind the heap is not in use`);
  });
  return broken;
}
