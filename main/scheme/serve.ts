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

/** Called once the app is ready, before the first window loads. Serves the files below `folder` and nothing else. */
export function serveFolder(folder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const asset = resolveAsset(request.method, request.url);
    const body = asset && (await contents(path.join(folder, asset.file)));
    if (!asset || !body)
      return new Response('not found', { status: 404, headers: { ...HEADERS, 'Content-Type': 'text/plain' } });
    return new Response(new Uint8Array(body), { headers: { ...HEADERS, 'Content-Type': asset.mediaType } });
  });
}

async function contents(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch {
    return null;
  }
}
