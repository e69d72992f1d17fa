import { isLabUrl } from '../scheme/lab-url.ts';

/**
 * Whether a request may go on.
 * @param development the developer tools are allowed, and they load themselves through the same session
 */
export function mayRequest(address: string, development: boolean): boolean {
  return isLabUrl(address) || (development && address.startsWith('devtools://devtools/'));
}
