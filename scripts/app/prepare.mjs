/** Everything that must hold before the app can start: runtime, system libraries, screen, sandbox, bundles. */
import { buildStale } from '../build/build.mjs';
import { say } from '../lib/say.mjs';
import { resolveRuntime } from '../runtime/resolve.mjs';
import { hasDisplay, startVirtualDisplay } from '../system/display.mjs';
import { ensureSystem } from '../system/needs.mjs';
import { ensureSandbox, machineSwitches } from '../system/sandbox.mjs';

const NO_STOP = () => {};

/**
 * Prepares a start of the app.
 * @param {{seen: boolean}} options seen: true starts on the desktop where there is one; false always uses a virtual
 * screen on Linux, so that tests neither take the keyboard away nor depend on the desktop
 * @returns {Promise<{runtime: object, switches: string[], env: object, virtual: boolean, stop: () => void}>}
 */
export async function prepareApp({ seen }) {
  const runtime = await resolveRuntime();
  const virtual = process.platform === 'linux' && !(seen && hasDisplay());
  await ensureSystem(runtime.executable, { display: !virtual });
  await ensureSandbox(runtime.executable);
  await buildStale(['main', 'preload', 'renderer', 'cli'], say);
  const screen = virtual ? await startVirtualDisplay() : { env: {}, stop: NO_STOP };
  const env = { ...process.env, ...screen.env };
  // Set in some editors' terminals; it would turn Electron into plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  if (virtual) delete env.WAYLAND_DISPLAY;
  return { runtime, switches: machineSwitches(runtime.kind, env), env, virtual, stop: screen.stop };
}
