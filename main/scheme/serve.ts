import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { HEADERS } from './content-policy.ts';
import { SCHEME } from './lab-url.ts';
import { resolveAsset } from './resolve-asset.ts';

/** Called before the app is ready: Chromium fixes what a scheme may do when it starts. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * Called once the app is ready, before the first window loads. Serves the files below `folder` and nothing else.
 * `protocol.handle` would do the same with the classes of fetch, which Node loads at their first use: 35 ms of every
 * start (Electron 33, two cores) before the page's first byte.
 */
export function serveFolder(folder: string): void {
  protocol.registerBufferProtocol(SCHEME, ({ method, url }, answer) => {
    const asset = resolveAsset(method, url);
    void (asset === null ? Promise.resolve(null) : contents(path.join(folder, asset.file))).then((data) => {
      if (asset === null || data === null) answer({ ...NOT_FOUND, data: Buffer.from('not found') });
      else answer({ statusCode: 200, headers: { ...HEADERS, 'Content-Type': asset.mediaType }, data });
    });
  });
}

const NOT_FOUND = { statusCode: 404, headers: { ...HEADERS, 'Content-Type': 'text/plain' } };

async function contents(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch {
    return null;
  }
}
