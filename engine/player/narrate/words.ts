import { ERRNO, type Errno } from '../../base/errno.ts';
import type { SignalReason } from '../../base/event-kinds.ts';

/** Small words that all sentences are made of. */

/** `1 page`, `3 pages`. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Virtual time in a unit that keeps the digits few. */
export function duration(ns: number): string {
  const units = [
    ['s', 1e9],
    ['ms', 1e6],
    ['µs', 1e3],
  ] as const;
  const [unit, size] = units.find(([, s]) => ns >= s / 10) ?? ['ns', 1];
  const value = ns / size;
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts[0] ?? '';
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** `page 2 of A`, `pages 0 to 5 of A`. */
export function pagesOf(region: string, first: number, count: number): string {
  return count === 1 ? `page ${first} of ${region}` : `pages ${first} to ${first + count - 1} of ${region}`;
}

/** `page 2 of A` for the label `A+2`; an address stays an address. */
export function pageOf(label: string): string {
  const plus = label.lastIndexOf('+');
  return plus < 0 ? `the page at ${label}` : `page ${label.slice(plus + 1)} of ${label.slice(0, plus)}`;
}

/** Why an access ends in a signal, as the middle of a sentence. */
const SIGNAL_WHY: Readonly<Partial<Record<string, string>>> = {
  'no VMA': 'no VMA covers it',
  permission: 'its VMA does not allow that',
  'kernel half': 'that half of the address space belongs to the kernel',
  'non-canonical': 'that is no address on this CPU',
  'beyond the object': 'it lies behind the end of what is mapped',
  'stack limit': 'the stack may not grow that far',
  killed: 'the task was killed',
  'out of memory': 'no frame was left',
  guard: 'a guard page lies there',
  abort: 'the allocator found its heap damaged',
  'endless loop': 'the allocator goes round for ever in a damaged list',
};

export const signalWhy = (reason: SignalReason): string => SIGNAL_WHY[reason] ?? 'the access is refused';

export const errnoName = (code: number): string =>
  Object.entries(ERRNO).find(([, value]) => value === code)?.[0] ?? `errno ${code}`;

/** Why a call was refused, as the end of a sentence. */
export const ERRNO_WHY: Readonly<Record<Errno, string>> = {
  EPERM: 'it is not permitted',
  ESRCH: 'there is no such task',
  EIO: 'the device failed',
  ECHILD: 'there is no child to wait for',
  ENOENT: 'there is no such file',
  ENOEXEC: 'that file is no program',
  EAGAIN: 'a limit is reached for now',
  ENOMEM: 'there is no memory or no room for it',
  EACCES: 'it is not allowed',
  EFAULT: 'nothing is mapped there',
  EBUSY: 'it is in use',
  EEXIST: 'something is mapped there already',
  ENODEV: 'that cannot be mapped',
  ENOSYS: 'a machine without page tables has no such call',
  EINVAL: 'the arguments make no sense together',
  EFBIG: 'no file may be that large',
  EOVERFLOW: 'the number is too large',
};
