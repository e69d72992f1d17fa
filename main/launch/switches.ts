/**
 * Chromium's command line. The lab is used offline and must not be heard of by anybody: these stop what the browser
 * does on its own. They are the outer ring; main/security/network.ts refuses every request whoever makes it.
 */
export const SWITCHES: readonly (readonly [name: string, value?: string])[] = [
  // Every name lookup fails, also those that no request filter sees (prefetch, WebRTC, a renderer's own).
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['dns-prefetch-disable'],
  // No search for a proxy on the local network (WPAD).
  ['no-proxy-server'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-sync'],
  ['no-pings'],
  ['metrics-recording-only'],
  [
    'disable-features',
    'AutofillServerCommunication,DialMediaRouteProvider,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate',
  ],
];
