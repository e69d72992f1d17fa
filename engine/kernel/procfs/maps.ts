import { FRAME, VM } from '../../base/flags.ts';
import { PAGE_SIZE, type MmId, type VmaId } from '../../base/units.ts';
import { fileName } from '../../mm/file.ts';
import { permsText } from '../../mm/vma.ts';
import { vmaAt, vmaCount } from '../../mm/vma-list.ts';
import type { KernelState } from '../state.ts';
import { hex } from './format.ts';

/** Column in which a name starts. Source: Linux 6.18 fs/proc/task_mmu.c show_vma_header_prefix: 25 + 6 × 8 − 1, a space. */
const NAME_COLUMN = 72;
/** Inode numbers of the lab's objects start here; below are those of directories and such. */
const FIRST_INODE = 1_024;

/** /proc/PID/maps. Source: Linux 6.18 fs/proc/task_mmu.c show_map_vma. */
export function mapsText(k: KernelState, mm: MmId): string {
  return areasOf(k, mm)
    .map((vma) => mapLine(k, mm, vma))
    .join('');
}

export const areasOf = (k: KernelState, mm: MmId): VmaId[] =>
  Array.from({ length: vmaCount(k, mm) }, (_, i) => vmaAt(k, mm, i));

/** One line of maps, with its line break; smaps starts each area with it. */
export function mapLine(k: KernelState, mm: MmId, vma: VmaId): string {
  const { vmas } = k;
  const { offset, device, inode, name } = backing(k, mm, vma);
  const address = (page: number): string => hex(page * PAGE_SIZE, 8);
  const range = `${address(vmas.start[vma]!)}-${address(vmas.end[vma]!)}`;
  const head = `${range} ${permsText(vmas.flags[vma]!)} ${hex(offset, 8)} ${device} ${inode} `;
  return name === '' ? `${head}\n` : `${head.padEnd(NAME_COLUMN)} ${name}\n`;
}

interface Backing {
  /** Bytes. */
  readonly offset: number;
  readonly device: string;
  readonly inode: number;
  readonly name: string;
}

/** What stands behind an area: its file, or the name the kernel gives to a part of the process. */
function backing(k: KernelState, mm: MmId, vma: VmaId): Backing {
  const object = k.vmas.object[vma]!;
  if (object < 0) return { offset: 0, device: '00:00', inode: 0, name: anonymousName(k, mm, vma) };
  const offset = k.vmas.offset[vma]! * PAGE_SIZE;
  const inode = FIRST_INODE + object;
  // Shared anonymous memory is a file of the kernel's own tmpfs. Source: Linux mm/shmem.c shmem_zero_setup.
  if (k.objects.kind[object] === FRAME.SHMEM) return { offset, device: '00:01', inode, name: '/dev/zero (deleted)' };
  // Source: Linux 6.18 fs/hugetlbfs/inode.c hugetlb_file_setup, HUGETLB_ANON_FILE.
  if (k.objects.kind[object] === FRAME.HUGETLB)
    return { offset, device: '00:11', inode, name: '/anon_hugepage (deleted)' };
  if (k.objects.kind[object] === FRAME.DEVICE)
    return { offset, device: '00:06', inode, name: `/dev/${fileName(k, object)}` };
  return { offset, device: 'fe:00', inode, name: `/${fileName(k, object)}` };
}

/** Source: Linux 6.18 include/linux/mm.h vma_is_initial_heap, vma_is_initial_stack. */
function anonymousName(k: KernelState, mm: MmId, vma: VmaId): string {
  const { vmas, mms } = k;
  const heap = vmas.start[vma]! * PAGE_SIZE < mms.brk[mm]! && vmas.end[vma]! * PAGE_SIZE > mms.startBrk[mm]!;
  if (heap) return '[heap]';
  return (vmas.flags[vma]! & VM.GROWSDOWN) !== 0 ? '[stack]' : '';
}
