import { PAGE_SIZE } from '../base/units.ts';
import { peekMachine, peekPage, peekTask, peekVmas, regionPage, type KernelState } from '../kernel/index.ts';
import type { Selection } from '../protocol/snapshot.ts';
import { pointerAddress } from './pointer-reading.ts';
import { addressOf } from './reading.ts';
import type { Target } from './scenario/target.ts';

export type Resolved =
  { readonly ok: true; readonly selection: Selection | null } | { readonly ok: false; readonly message: string };

const NO_OFFSET = { bytes: 0, ramPercent: 0 };

const found = (selection: Selection | null): Resolved => ({ ok: true, selection });
const missing = (message: string): Resolved => ({ ok: false, message });

/** What a `show.select` means at this moment; it must exist. */
export function resolveTarget(k: KernelState, target: Target): Resolved {
  if (target.kind === 'frame') {
    const { total } = peekMachine(k).frames;
    if (target.frame < total) return found({ kind: 'frame', frame: target.frame });
    return missing(`there is no frame ${target.frame}: the machine has ${total}`);
  }
  if (target.kind === 'slot') {
    const { total } = peekMachine(k).swap;
    if (target.slot <= total) return found({ kind: 'slot', slot: target.slot - 1 });
    return missing(total === 0 ? 'there is no swap here' : `there is no slot ${target.slot}: swap has ${total}`);
  }
  if (peekTask(k, target.task) === null) return missing(`p${target.task} does not exist here`);
  if (target.kind === 'task') return found(null);
  const pointed = pointerAddress(k, { ...target, offset: target.kind === 'region' ? NO_OFFSET : target.offset });
  if (target.kind === 'region') {
    if (pointed === null) return regionOf(k, target.task, target.name);
    return found({ kind: 'page', pid: target.task, page: Math.floor(pointed / PAGE_SIZE) });
  }
  const address = pointed ?? addressOf(k, target.name, target.offset, target.task);
  const page = address === null ? -1 : Math.floor(address / PAGE_SIZE);
  const view = peekPage(k, target.task, page);
  const label = `p${target.task}:${target.name}+${(target.offset.bytes / PAGE_SIZE).toString()}`;
  if (view.state === 'unmapped') return missing(`${label} is not mapped here`);
  if (target.kind === 'page') return found({ kind: 'page', pid: target.task, page });
  return view.frame < 0 ? missing(`${label} has no frame here`) : found({ kind: 'frame', frame: view.frame });
}

/** The first VMA of a region: the one that covers its first page, else the nearest above it. */
function regionOf(k: KernelState, pid: number, name: string): Resolved {
  const first = regionPage(k, name, pid);
  const vmas = peekVmas(k, pid);
  const vma = vmas.find(
    ({ start, end, region }) => first !== null && ((start <= first && first < end) || region === name),
  );
  return vma === undefined
    ? missing(`p${pid}:${name} is not mapped here`)
    : found({ kind: 'vma', pid, start: vma.start });
}
