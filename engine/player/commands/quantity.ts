import { PAGE_SIZE } from '../../base/units.ts';
import type { Quantity } from '../../protocol/commands.ts';

/**
 * `3` pages, `3+100b` pages and bytes, `100b` bytes, `-4096b` a huge unsigned number, `60%ram` a share of RAM; terms
 * after the first are added. Null when the word is not of this form; the caller says what stands there.
 */
export function parseQuantity(word: string): Quantity | null {
  if (!/^[+-]?\d+(b|%ram)?(\+\d+(b|%ram)?)*$/.test(word)) return null;
  let bytes = 0;
  let ramPercent = 0;
  for (const [, digits, unit] of word.matchAll(/([+-]?\d+)(b|%ram)?/g)) {
    const value = Number(digits);
    if (unit === 'b') bytes += value;
    else if (unit === '%ram') ramPercent += value;
    else bytes += value * PAGE_SIZE;
  }
  if (!Number.isSafeInteger(bytes) || Math.abs(ramPercent) > 10_000) return null;
  // −0 would be a second spelling of 0
  return { bytes: bytes + 0, ramPercent: ramPercent + 0 };
}

/** The shortest spelling that parses to the same quantity. */
export function formatQuantity({ bytes, ramPercent }: Quantity): string {
  const share = ramPercent === 0 ? '' : `${ramPercent}%ram`;
  if (bytes === 0) return share || '0';
  const whole = Math.trunc(bytes / PAGE_SIZE);
  const rest = bytes - whole * PAGE_SIZE;
  // a sum has no minus sign inside, so a negative number that is no multiple of a page is written in bytes
  let text = `${whole}`;
  if (rest !== 0) text = whole === 0 || bytes < 0 ? `${bytes}b` : `${whole}+${rest}b`;
  return share === '' ? text : `${text}+${share}`;
}

export const inPages = (count: number): Quantity => ({ bytes: count * PAGE_SIZE, ramPercent: 0 });

/** Without a second zero: −0 would be another spelling of 0. */
export const negated = ({ bytes, ramPercent }: Quantity): Quantity => ({
  bytes: 0 - bytes,
  ramPercent: 0 - ramPercent,
});

/**
 * The amount behind `brk -`, with its sign: only the first term is taken away, the others are added.
 * @param amount taken away; not both of its parts above 0, which no text can say
 */
export function formatTaken({ bytes, ramPercent }: Quantity): string {
  const added = [
    ...(bytes < 0 ? [formatQuantity({ bytes: -bytes, ramPercent: 0 })] : []),
    ...(ramPercent < 0 ? [`${-ramPercent}%ram`] : []),
  ];
  let taken = '0';
  if (bytes > 0) taken = bytes % PAGE_SIZE === 0 ? `${bytes / PAGE_SIZE}` : `${bytes}b`;
  else if (ramPercent > 0) taken = `${ramPercent}%ram`;
  return ['-' + taken, ...added].join('+');
}
