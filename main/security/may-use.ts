import { isLabUrl } from '../scheme/lab-url.ts';

/**
 * Permissions of the web platform that the lab uses; all others are denied, asked for or not.
 * - clipboard-sanitized-write: copy buttons. It needs a click, and reading the clipboard is another permission.
 * - fullscreen: presenting.
 */
const USED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

export function mayUse(permission: string, address: string): boolean {
  return USED.has(permission) && isLabUrl(address);
}
