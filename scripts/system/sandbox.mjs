/** Chromium's sandbox: where it works, and the switches a start needs because of where it runs. */
import { statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Failure, say } from '../lib/say.mjs';
import { capture } from '../lib/run.mjs';
import { isRoot } from '../lib/user.mjs';

const SMALL_SHARED_MEMORY = 256 * 2 ** 20;

/** True when the helper that Chromium uses without user namespaces is set up: owned by root, with the set-user-id bit. */
export function hasSandboxHelper(executable) {
  try {
    const { uid, mode } = statSync(path.join(path.dirname(executable), 'chrome-sandbox'));
    return uid === 0 && (mode & 0o4755) === 0o4755;
  } catch {
    return false;
  }
}

/** True when an ordinary user may make user namespaces, by making one. `as` is a command that becomes that user. */
export async function allowsUserNamespaces(as = []) {
  const [command, ...args] = [...as, 'unshare', '--user', '--map-root-user', 'true'];
  return (await capture(command, args)).status === 0;
}

/** Throws a Failure with the remedy where Chromium would end at once because nothing lets it make its sandbox. */
export async function ensureSandbox(executable) {
  if (process.platform !== 'linux' || isRoot()) return;
  if (hasSandboxHelper(executable) || (await allowsUserNamespaces())) return;
  const helper = path.join(path.dirname(executable), 'chrome-sandbox');
  throw new Failure(
    `this system forbids Chromium's sandbox to ordinary programs; allow it once: sudo chown root '${helper}' && sudo chmod 4755 '${helper}'`,
  );
}

/**
 * Switches for Chromium that belong to the machine, never to the app.
 * @param {'release'|'fallback'} kind
 */
export function machineSwitches(kind, env = process.env) {
  if (process.platform !== 'linux') return [];
  const switches = [];
  if (isRoot()) {
    say('started as root, where Chromium has no sandbox: adding --no-sandbox');
    switches.push('--no-sandbox');
  }
  // Containers often have 64 MB there, and a renderer that runs out of it dies.
  if (sharedMemoryBytes() < SMALL_SHARED_MEMORY) switches.push('--disable-dev-shm-usage');
  // Older Electrons ask for X11 unless told to look.
  if (kind === 'fallback' && !env.DISPLAY && env.WAYLAND_DISPLAY) switches.push('--ozone-platform-hint=auto');
  return switches;
}

function sharedMemoryBytes() {
  try {
    const { blocks, bsize } = statfsSync('/dev/shm');
    return blocks * bsize;
  } catch {
    return 0;
  }
}
