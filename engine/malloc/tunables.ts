/** Settings of the allocator in the environment. glibc 2.36 elf/dl-tunables.list, elf/dl-tunables.c. */

interface Tunable {
  readonly name: string;
  /** The older variable of its own. */
  readonly alias?: string;
  readonly type: 'int' | 'size';
  readonly min?: number;
  readonly max?: number;
}

const TUNABLES: readonly Tunable[] = [
  { name: 'check', alias: 'MALLOC_CHECK_', type: 'int', min: 0, max: 3 },
  { name: 'top_pad', alias: 'MALLOC_TOP_PAD_', type: 'size' },
  { name: 'perturb', alias: 'MALLOC_PERTURB_', type: 'int', min: 0, max: 0xff },
  { name: 'mmap_threshold', alias: 'MALLOC_MMAP_THRESHOLD_', type: 'size' },
  { name: 'trim_threshold', alias: 'MALLOC_TRIM_THRESHOLD_', type: 'size' },
  { name: 'mmap_max', alias: 'MALLOC_MMAP_MAX_', type: 'int', min: 0 },
  { name: 'arena_max', alias: 'MALLOC_ARENA_MAX', type: 'size', min: 1 },
  { name: 'arena_test', alias: 'MALLOC_ARENA_TEST', type: 'size', min: 1 },
  { name: 'tcache_max', type: 'size' },
  { name: 'tcache_count', type: 'size' },
  { name: 'tcache_unsorted_limit', type: 'size' },
  { name: 'mxfast', type: 'size', min: 0 },
];

const NAMESPACE = 'glibc.malloc.';

/** A number as the dynamic loader reads it: decimal, 0x or octal, and what follows is ignored. @returns a signed word */
export function loaderNumber(text: string): number {
  const match = /^[ \t]*([-+]?)(0[xX][0-9a-fA-F]*|\d*)/.exec(text)!;
  const digits = match[2]!;
  const octal = /^0[0-7]*/.exec(digits)?.[0];
  let value = 0n;
  if (/^0[xX]/.test(digits)) value = digits.length > 2 ? BigInt(digits) : 0n;
  else if (octal !== undefined) value = octal.length > 1 ? BigInt(`0o${octal.slice(1)}`) : 0n;
  else if (digits !== '') value = BigInt(digits);
  if (value >= 2n ** 64n) value = 2n ** 64n - 1n;
  return Number(BigInt.asIntN(64, match[1] === '-' ? -value : value));
}

/** Values out of bounds are not taken. */
function accept(tunable: Tunable, word: number): boolean {
  if (tunable.type === 'int') return word >= (tunable.min ?? -(2 ** 31)) && word <= (tunable.max ?? 2 ** 31 - 1);
  return tunable.min === undefined || word < 0 || word >= tunable.min;
}

/**
 * What the environment sets, by the tunable's short name. GLIBC_TUNABLES wins over the older variables.
 * @param environment variables in their order
 */
export function tunablesOf(environment: ReadonlyMap<string, string>): Map<string, number> {
  const values = new Map<string, number>();
  const take = (tunable: Tunable, text: string): void => {
    const word = loaderNumber(text);
    if (accept(tunable, word)) values.set(tunable.name, word);
  };
  for (const tunable of TUNABLES) {
    const text = tunable.alias === undefined ? undefined : environment.get(tunable.alias);
    if (text !== undefined) take(tunable, text);
  }
  for (const setting of (environment.get('GLIBC_TUNABLES') ?? '').split(':')) {
    const equals = setting.indexOf('=');
    const tunable = TUNABLES.find((t) => `${NAMESPACE}${t.name}` === setting.slice(0, Math.max(0, equals)));
    if (tunable !== undefined) take(tunable, setting.slice(equals + 1));
  }
  return values;
}
