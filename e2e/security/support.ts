/** What several security tests need: consoles full of refusals, real servers on this machine, a foreign window. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ElectronApplication } from '@playwright/test';

/**
 * For `test.use`: refusals are logged as errors by Chromium, and here they are what is wanted. Wrapped with options,
 * because Playwright takes a bare list of patterns for such a pair.
 */
export const REFUSALS_ARE_WANTED: { allowedErrors: [RegExp[], { scope: 'test' }] } = {
  allowedErrors: [
    [
      /Content Security Policy/i,
      /Trusted ?(Types|HTML|Script)/,
      /net::ERR_/,
      /Not allowed to (load|navigate)/,
      /Fetch API cannot load/,
      /WebSocket connection/,
      /status of 404/,
    ],
    { scope: 'test' },
  ],
};

/**
 * Time in which a request or a navigation on this machine would have arrived. That something does not happen has no
 * event to wait for.
 */
export async function whatWouldHaveArrived(): Promise<void> {
  await sleep(400);
}

export interface Listener {
  readonly port: number;
  /** Connections or packets that arrived since the start. */
  readonly arrivals: () => number;
  readonly close: () => Promise<void>;
}

/**
 * A real server on this machine, so that "blocked" and "not reachable from here" are two different results. It allows
 * every origin.
 */
export async function httpListener(): Promise<Listener> {
  let arrivals = 0;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
    response.end('reached');
  });
  server.on('connection', () => (arrivals += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arrivals: () => arrivals,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export async function udpListener(): Promise<Listener> {
  let arrivals = 0;
  const socket = createSocket('udp4');
  socket.on('message', () => (arrivals += 1));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    arrivals: () => arrivals,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/**
 * Runs code in a window that is not the lab's and has every power a page can have, Node's `require` included.
 * @returns what the code's promise resolves to
 */
export function inForeignWindow(app: ElectronApplication, address: string, code: string): Promise<unknown> {
  return app.evaluate(
    async ({ BrowserWindow }, given) => {
      const powers = { nodeIntegration: true, contextIsolation: false, sandbox: false };
      const window = new BrowserWindow({ show: false, webPreferences: powers });
      try {
        await window.loadURL(given.address);
        return (await window.webContents.executeJavaScript(given.code)) as unknown;
      } finally {
        window.destroy();
      }
    },
    { address, code },
  );
}
