/** The screen: the desktop's own, or a virtual one where there is none. */
import { spawn } from 'node:child_process';
import { Failure, firstLine } from '../lib/say.mjs';

/** True where a window can be seen. Windows and macOS always have a display in the sense meant here. */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Starts Xvfb on a display number that it chooses itself and reports through a pipe: two runs at once cannot collide,
 * and it is ready as soon as the number arrives. It ends with this process.
 * @returns {Promise<{env: {DISPLAY: string}, stop: () => void}>}
 */
export function startVirtualDisplay(size = '1920x1080') {
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset'];
    const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
    // Detached, so that Ctrl+C in the terminal reaches the app first and its screen is still there while it closes.
    const stop = () => server.kill();
    process.once('exit', stop);
    let complaint = '';
    let number = '';
    server.stderr.setEncoding('utf8').on('data', (text) => (complaint += text));
    server.stdio[3].setEncoding('utf8').on('data', (text) => {
      number += text;
      if (!number.endsWith('\n')) return;
      for (const stream of [server, server.stderr, server.stdio[3]]) stream.unref();
      resolve({ env: { DISPLAY: `:${number.trim()}` }, stop });
    });
    server.on('error', (error) => reject(new Failure(`Xvfb cannot be started (${error.message})`)));
    server.on('exit', () => reject(new Failure(`Xvfb ended at once (${firstLine(complaint) || 'no message'})`)));
  });
}
