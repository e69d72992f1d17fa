import {
  frameUse,
  pageLabel,
  peekFrame,
  peekFrameBytes,
  peekMachine,
  peekPage,
  peekSlot,
  peekTask,
  peekVmas,
  peekWalk,
  type KernelState,
} from '../../engine/kernel/index.ts';
import { heapFacts } from './heap-facts.ts';
import { placeOnBoard, slotAtPlace } from './slots-snapshot.ts';
import type { Inspection, Lit, Selection } from '../../engine/protocol/snapshot.ts';
import type { FrameUse, FrameView, PageView, SlotState, SlotView, VmaView } from '../../engine/protocol/views.ts';

/** Bytes of a frame that the inspector shows. */
const SHOWN_BYTES = 64;

const fact = (name: string, value: string | number): { name: string; value: string } => ({
  name,
  value: String(value),
});

const USE_WORDS: Record<FrameUse, string> = {
  free: 'free',
  kernel: 'the kernel’s own',
  zero: 'the one zero page: every untouched page that was only read is this frame',
  table: 'a page table',
  anon: 'private memory',
  shmem: 'shared memory',
  file: 'page cache: a page of a file',
  flat: 'a program’s, and within reach of every other: nothing is checked',
  hugetlb: 'the pool of huge pages: set aside, never reclaimed or swapped, and no part of RSS',
  device: 'a device’s own memory: no RAM, never handed out, never reclaimed',
};

const BACKING_WORDS: Record<VmaView['backing'], string> = {
  anon: 'anonymous, private',
  shmem: 'shared memory',
  file: 'a file',
  device: 'a device’s memory',
  hugetlb: 'huge pages of the pool',
};

const STATE_WORDS: Record<PageView['state'], string> = {
  unmapped: 'not mapped',
  reserved: 'promised, not present: the first touch faults',
  zero: 'reads come from the shared zero page; the first write gets a frame of its own',
  resident: 'resident and writable',
  readOnly: 'resident, read-only',
  noAccess: 'resident, but nobody may touch it (PROT_NONE)',
  guard: 'a guard: no frame, and every access is refused',
  swapped: 'in swap: the first touch brings it back',
  device: 'a device’s memory: no RAM is behind it, and it never leaves',
};

const REAL_WORDS = 'physical memory: the address is the frame’s own, and nothing is checked';

/** Everything the inspector says of a selection, and all that lights up with it; null when the thing is gone. */
export function inspect(k: KernelState, selection: Selection): Inspection | null {
  switch (selection.kind) {
    case 'page':
      return inspectPage(k, selection);
    case 'frame':
      return inspectFrame(k, selection);
    case 'vma':
      return inspectVma(k, selection);
    case 'slot':
      return inspectSlot(k, selection);
  }
}

const address = (page: number): string => `0x${(page * 4096).toString(16)}`;

function inspectPage(k: KernelState, selection: Extract<Selection, { kind: 'page' }>): Inspection | null {
  const { pid, page } = selection;
  if (peekTask(k, pid) === null) return null;
  const view = peekPage(k, pid, page);
  const frame = view.frame < 0 ? null : peekFrame(k, view.frame);
  const shared = view.sharers > 1 ? `, shared by ${view.sharers}` : '';
  return {
    selection,
    title: `Page p${pid} ${pageLabel(k, page, pid)}`,
    summary: `${peekMachine(k).real ? REAL_WORDS : STATE_WORDS[view.state]}${shared}`,
    facts: [
      fact('address', address(page)),
      ...(view.frame < 0 ? [] : [fact('frame', view.frame), fact('refcount', frame?.refcount ?? 0)]),
      ...(view.entry === null ? [] : [fact('entry', `0x${view.entry}`)]),
      ...(view.frame < 0 || view.entry === null ? [] : [fact('bits', bitsOf(view))]),
      ...(view.huge ? [fact('huge page', 'one entry of level 2 for 512 pages')] : []),
      ...slotFacts(view.slot),
      ...heapFacts(k, pid, page),
    ],
    bytes: view.frame < 0 ? null : peekFrameBytes(k, view.frame, 0, SHOWN_BYTES),
    bytesLabel: `first bytes of ${pageLabel(k, page, pid)}`,
    walk: peekWalk(k, pid, page),
    lit: litByPage(k, view, frame),
  };
}

function bitsOf(view: PageView): string {
  const bits = [view.writable ? 'writable' : 'read-only'];
  if (view.accessed) bits.push('accessed');
  if (view.dirty) bits.push('dirty');
  return bits.join(', ');
}

/** Where in swap a page or a frame is, and who else is there. */
function slotFacts(slot: SlotView | null): { name: string; value: string }[] {
  if (slot === null) return [];
  return [
    fact('swap slot', slot.device === 0 ? slot.offset : `${slot.offset} of device ${slot.device}`),
    fact('named by', slot.count),
    fact('in the swap cache', slot.frame < 0 ? 'no' : `frame ${slot.frame}`),
  ];
}

/** All that is the same page: on its frame, or in its slot. */
function litByPage(k: KernelState, view: PageView, frame: FrameView | null): Lit {
  if (frame !== null) return litBy(k, frame);
  const { pid, page, slot } = view;
  const own = { pid, page, label: pageLabel(k, page, pid) };
  if (slot === null) return { pages: [own], frames: [], slots: [] };
  const lit = litBySlot(k, slot);
  return lit.pages.length > 0 ? lit : { ...lit, pages: [own] };
}

/** While the slot's frame is in the swap cache, whoever maps that has the same page. */
const litBySlot = (k: KernelState, slot: SlotView): Lit =>
  slot.frame >= 0
    ? litBy(k, peekFrame(k, slot.frame))
    : { pages: slot.sharers, frames: [], slots: [placeOfView(k, slot)] };

const litBy = (k: KernelState, frame: FrameView): Lit => ({
  pages: [...frame.sharers, ...(frame.slot?.sharers ?? [])],
  frames: [frame.frame],
  slots: frame.slot === null ? [] : [placeOfView(k, frame.slot)],
});

const placeOfView = (k: KernelState, { device, offset }: SlotView): number =>
  placeOnBoard(k, k.swapDevices.firstSlot[device]! + offset);

const SLOT_WORDS: Record<SlotState, string> = {
  free: 'free: what the device holds there means nothing',
  cached: 'in the swap cache, its frame is newer than the device',
  writing: 'its frame is being written to the device',
  clean: 'in the swap cache, frame and device hold the same',
  stored: 'on the device alone',
  reading: 'being read from the device',
};

function inspectSlot(k: KernelState, selection: Extract<Selection, { kind: 'slot' }>): Inspection | null {
  const slot = slotAtPlace(k, selection.slot);
  if (slot < 0) return null;
  const { state, view, bytes } = peekSlot(k, slot, SHOWN_BYTES);
  return {
    selection,
    title: `Swap slot ${view.offset}`,
    summary: SLOT_WORDS[state],
    facts: state === 'free' ? [] : slotFacts(view),
    bytes,
    bytesLabel: `first bytes of slot ${view.offset}`,
    walk: [],
    lit: litBySlot(k, view),
  };
}

function inspectFrame(k: KernelState, selection: Extract<Selection, { kind: 'frame' }>): Inspection {
  const view = peekFrame(k, selection.frame);
  const facts = [fact('address', `0x${(view.frame * 4096).toString(16)}`)];
  if (view.use !== 'free') facts.push(fact('refcount', view.refcount));
  if (view.mapcount > 0) facts.push(fact('page table entries', view.mapcount));
  if (view.use === 'table') facts.push(fact('table of', `p${view.owner}, level ${view.index}`));
  if (view.use === 'file' || view.use === 'shmem') facts.push(fact('page of its object', view.index));
  if (view.use === 'anon') facts.push(fact('exclusive', view.exclusive ? 'yes' : 'no'));
  facts.push(...slotFacts(view.slot));
  return {
    selection,
    title: `Frame ${view.frame}`,
    summary: USE_WORDS[frameUse(k, view.frame)],
    facts,
    bytes: view.use === 'free' || view.use === 'kernel' ? null : peekFrameBytes(k, view.frame, 0, SHOWN_BYTES),
    bytesLabel: `first bytes of frame ${view.frame}`,
    walk: [],
    lit: litBy(k, view),
  };
}

function inspectVma(k: KernelState, selection: Extract<Selection, { kind: 'vma' }>): Inspection | null {
  const { pid, start } = selection;
  const view = peekVmas(k, pid).find((vma) => vma.start === start);
  if (view === undefined) return null;
  const pages: { pid: number; page: number; label: string }[] = [];
  const frames: number[] = [];
  for (let page = view.start; page < Math.min(view.end, view.start + 512); page++) {
    const { frame } = peekPage(k, pid, page);
    if (frame < 0) continue;
    pages.push({ pid, page, label: pageLabel(k, page, pid) });
    frames.push(frame);
  }
  const backing = BACKING_WORDS[view.backing];
  return {
    selection,
    title: `Area p${pid} ${view.region}`,
    summary: `${view.end - view.start} ${view.end - view.start === 1 ? 'page' : 'pages'}, ${backing}`,
    facts: [
      fact('from', address(view.start)),
      fact('to', address(view.end)),
      fact('permissions', view.perms),
      fact('resident', pages.length),
      ...(view.flags.length > 0 ? [fact('flags', view.flags.join(' '))] : []),
    ],
    bytes: null,
    bytesLabel: '',
    walk: [],
    lit: { pages, frames, slots: [] },
  };
}
