import { isLabUrl } from './lab-url.ts';
import { mediaType } from './media-types.ts';

export interface Asset {
  /** Relative to out/renderer, parts joined by '/'. */
  readonly file: string;
  readonly mediaType: string;
}

/** One part of a path: never empty, never starting with a dot, no separator and no drive letter of any system. */
const PART = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/**
 * The file behind a request, or null when there is none. Only names that a build makes are let through, so a path can
 * not leave the folder however it is written or encoded.
 */
export function resolveAsset(method: string, address: string): Asset | null {
  if (method !== 'GET' && method !== 'HEAD') return null;
  if (!isLabUrl(address)) return null;
  const path = decode(new URL(address).pathname);
  if (path === null) return null;
  const file = path === '/' ? 'index.html' : path.slice(1);
  if (!file.split('/').every((part) => PART.test(part))) return null;
  const type = mediaType(file);
  return type === null ? null : { file, mediaType: type };
}

/** Once and not again: what is still encoded after that is no name of ours. */
function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
