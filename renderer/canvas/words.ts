/** Numbers as the pictures print them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `256 KiB`, `47 TiB`: at most three digits, a unit that keeps it short. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]!}`;
}

/** `0x7ffff7000000` as `7ff…000000`-like short text: first and last digits. */
export function shortAddress(address: number): string {
  const text = address.toString(16);
  return text.length <= 8 ? text : `${text.slice(0, 4)}…${text.slice(-4)}`;
}

export const addressText = (page: number): string => `0x${(page * 4096).toString(16).padStart(12, '0')}`;

/** `48.2 µs`. */
export function timeText(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(1)} µs`;
  if (ns < 1e9) return `${(ns / 1e6).toFixed(1)} ms`;
  return `${(ns / 1e9).toFixed(2)} s`;
}

/** Thousands apart with a thin space: `4 096`. */
export function groupDigits(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');
}

/** A fraction with at most two digits and no trailing zeros: `3.5`, `2.33`. */
export const shortNumber = (n: number): string => String(Math.round(n * 100) / 100);
