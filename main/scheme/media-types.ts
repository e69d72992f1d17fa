/** File endings a build of the renderer contains. Others are not served: with nosniff they would be dead anyway. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['mjs', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
  ['map', 'application/json; charset=utf-8'],
  ['txt', 'text/plain; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['webp', 'image/webp'],
  ['ico', 'image/x-icon'],
  ['woff2', 'font/woff2'],
  ['wasm', 'application/wasm'],
]);

/** @returns null when files of that ending are not served */
export function mediaType(file: string): string | null {
  return MEDIA_TYPES.get(/\.([a-z0-9]+)$/.exec(file)?.[1] ?? '') ?? null;
}
