/** Where Electron runtimes are kept: outside the project, so that clones share them and `git clean` keeps them. */
import os from 'node:os';
import path from 'node:path';

/** The user's cache folder of this app, by the platform's own convention. */
export function cacheFolder(env = process.env, platform = process.platform, home = os.homedir()) {
  if (platform === 'win32')
    return path.join(env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'faultline', 'Cache');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'faultline');
  // The XDG specification: a relative path is invalid and must be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'faultline');
}
