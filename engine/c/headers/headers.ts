import { ERRNO_HEADER } from '../library/errors.ts';
import { LINUX_HEADERS } from './linux.ts';
import { STANDARD_HEADERS } from './standard.ts';

const HEADERS: Readonly<Record<string, string>> = { ...STANDARD_HEADERS, ...LINUX_HEADERS, 'errno.h': ERRNO_HEADER };

/** The text of one of the lab's headers. */
export const headerText = (name: string): string | null => (Object.hasOwn(HEADERS, name) ? HEADERS[name]! : null);
export const HEADER_NAMES: readonly string[] = Object.keys(HEADERS);

/** Functions that the headers declare, for whoever completes names. */
export const LIBRARY_FUNCTIONS: readonly string[] = [
  ...new Set(Object.values(HEADERS).flatMap((text) => [...text.matchAll(/\b([a-z]\w*)\(/g)].map((match) => match[1]!))),
].sort();
