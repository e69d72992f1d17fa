/** Major version of the runtime that stands in where Electron's release cannot be had; it is out of support. */
const FALLBACK_MAJOR = '33';

/** @param version as `process.versions.electron` */
export function isFallbackRuntime(version: string): boolean {
  return version.split('.')[0] === FALLBACK_MAJOR;
}
