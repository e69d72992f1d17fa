import workerAddress from './engine-worker.ts?worker&url';

/** The part of the Trusted Types API that is used here; TypeScript's own library does not have it. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

/** A policy can be made once in the life of a page; the engine may be started anew. */
let address: string | undefined;

function workerScript(): string {
  if (address !== undefined) return address;
  const href = new URL(workerAddress, document.baseURI).href;
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('faultline-worker', { createScriptURL: () => href });
  address = policy?.createScriptURL(href) ?? href;
  return address;
}

/** Starts the engine. The page's content policy lets only this one address become a script. */
export const startWorker = (): Worker => new Worker(workerScript(), { type: 'module', name: 'engine' });
