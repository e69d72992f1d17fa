import { describe, expect, it } from 'vitest';
import { lab } from '../testing/fixtures.ts';

/** After `p0 mmap A 8 rw`, `p0 mmap S 4 rw shared` and a file F of 8 pages: what the last command gives. */
const ROWS: readonly [what: string, script: string[], expected: string | number][] = [
  ['msync with an unknown flag', ['p0 msync A 0 1 8'], 'EINVAL'],
  ['msync of a range that wraps', ['p0 msync A 1 -8192b 4'], 'ENOMEM'],
  ['msync of an unaligned start', ['p0 msync A 0+1b 1 4'], 'EINVAL'],
  ['mlock of a range that wraps, by who knows no limit', ['p0 mlock A 1 -8192b'], 'EINVAL'],
  ['munlock of a range that wraps', ['p0 munlock A 1 -8192b'], 'EINVAL'],
  ['mlockall with a limit of 0', ['p0 dropcap ipc_lock', 'p0 rlimit memlock 0', 'p0 mlockall future'], 'EPERM'],
  ['mmap of a file whose offset and length wrap', ['p0 mmap X -8192b r private file F+0'], 'ENOMEM'],
  ['mmap of a file from a huge offset on', ['p0 mmap X 4 r private file F+-8192b'], 'EOVERFLOW'],
  ['mmap of a file at half a page', ['p0 mmap X 4 r private file F+100b'], 'EINVAL'],
  ['mmap behind the end of user space', ['p0 mmap X 4 rw private anon at A+68719476736'], 'ENOMEM'],
  ['mmap out of the pool of huge pages, which is empty', ['p0 mmap X 512 rw private anon hugepages'], 'ENOMEM'],
  ['the same, shared, a page long', ['p0 mmap X 1 rw shared anon hugepages'], 'ENOMEM'],
  ['the same, of nothing', ['p0 mmap X 0 rw private anon hugepages'], 'EINVAL'],
  ['the same, neither shared nor private', ['p0 mmap X 512 rw noflags anon hugepages'], 'EINVAL'],
  ['mmap past RLIMIT_DATA', ['p0 rlimit data 12', 'p0 mmap X 4 rw'], 'ENOMEM'],
  ['mmap with a soft RLIMIT_DATA of 0, which the hard one stands in for', ['p0 rlimit data 0 100', 'p0 mmap X 4 rw'], 'X'],
  ['mremap to an unaligned place', ['p0 mremap A 0 2 2 maymove fixed S+100b'], 'EINVAL'],
  ['mremap to a place behind the end of user space', ['p0 mremap A 0 2 2 maymove fixed A+68719476736'], 'EINVAL'],
  ['mremap of a hole in front of an area', ['p0 munmap A 0 2', 'p0 mremap A 0 8 8 maymove fixed S+9'], 'EFAULT'],
  ['mremap onto what it moves from', ['p0 mremap A 0 4 4 maymove fixed A+2'], 'EINVAL'],
  ['mremap keeping the old place past RLIMIT_AS', ['p0 rlimit as 60', 'p0 mremap A 0 8 8 maymove dontunmap'], 'ENOMEM'],
  ['mremap growing where the next area is not in the way', ['p0 mremap A 4 4 6'], 'inplace'],
  ['brk locked over the limit', ['p0 dropcap ipc_lock', 'p0 rlimit memlock 2', 'p0 mlockall future', 'p0 brk +3'], 'unchanged brk=0'],
  ['pread before the start of the file', ['p0 pread F -4096b 1'], 'EINVAL'],
  ['pread of a huge length', ['p0 pread F 0 -4096b'], 'EFAULT'],
  ['pread at the end of the file', ['p0 pread F 8 1'], 0],
  ['pread with direct to nowhere', ['p0 pread F 6 4 direct'], 8192],
  ['pread with direct of half a block', ['p0 pread F 100b 512b direct'], 'EINVAL'],
  ['pread with direct into nothing mapped', ['p0 pread F 0 1 to X+0 direct'], 'EFAULT'],
  ['pread into a buffer that ends early', ['p0 pread F 0 4 to A+6'], 8192],
  ['pwrite before the start of the file', ['p0 pwrite F -4096b 1 from A+0'], 'EINVAL'],
  ['pwrite of a huge length', ['p0 pwrite F 0 -4096b from A+0'], 'EFAULT'],
  ['pwrite of nothing', ['p0 pwrite F 0 0 from A+0'], 0],
  ['pwrite with direct out of nothing mapped', ['p0 pwrite F 0 1 from X+0 direct'], 'EFAULT'],
  ['pwrite out of a buffer that ends early', ['p0 pwrite F 0 4 from A+6'], 8192],
  ['ftruncate to more than a file may have', ['p0 ftruncate F 60000000000'], 'EFBIG'],
  ['ftruncate to a huge length', ['p0 ftruncate F -4096b'], 'EINVAL'],
  ['guards over guards', ['p0 madvise A 0 4 guard_install', 'p0 madvise A 2 4 guard_install'], 0],
  ['mergeable', ['p0 madvise A 0 4 mergeable'], 0],
  ['mergeable of shared memory, which stays as it is', ['p0 madvise S 0 2 mergeable'], 0],
  ['unmergeable', ['p0 madvise A 0 4 mergeable', 'p0 madvise A 0 4 unmergeable'], 0],
]; // prettier-ignore

describe('calls that are seldom made', () => {
  it.each(ROWS)('%s', (_what, script, expected) => {
    const l = lab({ ramPages: 1024 });
    l.run('p0 mmap A 8 rw', 'p0 mmap S 4 rw shared', '@file F 8');
    const { errno, ret } = l.run(...script);
    expect(errno ?? ret).toBe(expected);
  });
});
