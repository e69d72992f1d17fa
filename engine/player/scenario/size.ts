import { PAGE_SIZE } from '../../base/units.ts';

const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Pages of `64`, `64p`, `256K`, `1M`, `1G`; null when it is no size or no whole number of pages. */
export function parsePages(text: string): number | null {
  const match = /^(\d+)([KMGp]?)$/.exec(text);
  if (match === null) return null;
  const unit = UNITS[match[2]!];
  const value = unit === undefined ? Number(match[1]) : (Number(match[1]) * unit) / PAGE_SIZE;
  return Number.isSafeInteger(value) ? value : null;
}
