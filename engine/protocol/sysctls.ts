/** Settings of the machine below /proc/sys, by the last part of their path. The order is what SYSCTL_SET names. */
export const SYSCTL_NAMES = [
  'overcommit_memory',
  'overcommit_ratio',
  'overcommit_kbytes',
  'admin_reserve_kbytes',
  'user_reserve_kbytes',
  'swappiness',
  'min_free_kbytes',
  'mmap_min_addr',
  'randomize_va_space',
  'page-cluster',
  'nr_hugepages',
  'nr_overcommit_hugepages',
] as const;
export type SysctlName = (typeof SYSCTL_NAMES)[number];
/** What some of them are set to before anything runs. */
export type SysctlValues = Readonly<Partial<Record<SysctlName, number>>>;

export const isSysctlName = (name: string): name is SysctlName => (SYSCTL_NAMES as readonly string[]).includes(name);

/** What each setting is, for help and completion. */
export const SYSCTL_HELP: Readonly<Record<SysctlName, string>> = {
  overcommit_memory: '0 guesses, 1 never refuses, 2 counts strictly',
  overcommit_ratio: 'percent of RAM in the strict commit limit; forgets overcommit_kbytes',
  overcommit_kbytes: 'the same part in kB; forgets overcommit_ratio',
  admin_reserve_kbytes: 'kept back from tasks without CAP_SYS_ADMIN, strict mode only',
  user_reserve_kbytes: 'kept back from one large task, strict mode only',
  swappiness: '0 to 200: how much anonymous pages are reclaimed against cached ones',
  min_free_kbytes: 'free memory that the watermarks keep, in kB',
  mmap_min_addr: 'lowest address that a task may map without CAP_SYS_RAWIO',
  randomize_va_space: '0 fixed places, 1 random stack and mappings, 2 random heap too',
  'page-cluster': '0 to 31: swap reads 2^N pages at once',
  nr_hugepages: 'pages of 2 MiB that are set aside for mmap with hugepages',
  nr_overcommit_hugepages: 'how many more may be made when the pool is empty',
};
