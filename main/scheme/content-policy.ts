/**
 * The rules under which the page runs, sent as headers with every file, so that no page or worker can be without them.
 * A policy name that the renderer creates must stand in `trusted-types`:
 * - svelte-trusted-html: Svelte's own, for the templates it was compiled to
 * - faultline-worker: the one script address that is given to `new Worker`
 */
const POLICY: readonly string[] = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Positions and colours that are data are written to style attributes.
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html faultline-worker',
];

export const CONTENT_SECURITY_POLICY = POLICY.join('; ');

/** Headers of every answer, also of errors. */
export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  // Together they isolate the page from all other origins: the price of SharedArrayBuffer between page and worker.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-DNS-Prefetch-Control': 'off',
};
