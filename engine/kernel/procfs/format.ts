import { PAGE_SIZE } from '../../base/units.ts';

/** Numbers as the kernel prints them into /proc. */

export const kilobytes = (pages: number): number => pages * (PAGE_SIZE / 1024);

/** `Size:                  8 kB`: the name and its spaces, the number in 8 columns. Source: Linux fs/proc show_val_kb. */
export const kbLine = (name: string, width: number, kb: number): string =>
  `${name.padEnd(width)}${String(kb).padStart(8)} kB\n`;

/** Lower-case hexadecimal digits, at least `digits` of them. */
export const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
