import workerAddress from './engine-worker.ts?worker&url';

/** The part of the Trusted Types API that is used here; TypeScript's own library does not have it. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

/**
 * Starts the engine. The page's content policy lets only this one address become a script.
 */
export function startWorker(): Worker {
  const { trustedTypes } = window as unknown as { trustedTypes?: TrustedTypes };
  const address = new URL(workerAddress, document.baseURI).href;
  const policy = trustedTypes?.createPolicy('faultline-worker', { createScriptURL: () => address });
  return new Worker(policy?.createScriptURL(address) ?? address, { type: 'module', name: 'engine' });
}
