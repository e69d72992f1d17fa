/** Which shared libraries of the system the runtime lacks (Linux), found with ldd, and the packages that hold them. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { capture } from '../lib/run.mjs';

/**
 * Debian packages by library. Where two names stand, the second is the one after Debian's and Ubuntu's change to
 * 64-bit time (Debian 13, Ubuntu 24.04).
 */
const PACKAGES = {
  'libgtk-3.so.0': ['libgtk-3-0', 'libgtk-3-0t64'],
  'libgdk-3.so.0': ['libgtk-3-0', 'libgtk-3-0t64'],
  'libgdk_pixbuf-2.0.so.0': ['libgdk-pixbuf-2.0-0'],
  'libglib-2.0.so.0': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libgobject-2.0.so.0': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libgio-2.0.so.0': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libgmodule-2.0.so.0': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libgthread-2.0.so.0': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libnss3.so': ['libnss3'],
  'libnssutil3.so': ['libnss3'],
  'libsmime3.so': ['libnss3'],
  'libssl3.so': ['libnss3'],
  'libnspr4.so': ['libnspr4'],
  'libplc4.so': ['libnspr4'],
  'libplds4.so': ['libnspr4'],
  'libatk-1.0.so.0': ['libatk1.0-0', 'libatk1.0-0t64'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  'libatspi.so.0': ['libatspi2.0-0', 'libatspi2.0-0t64'],
  'libcups.so.2': ['libcups2', 'libcups2t64'],
  'libdbus-1.so.3': ['libdbus-1-3'],
  'libdrm.so.2': ['libdrm2'],
  'libgbm.so.1': ['libgbm1'],
  'libexpat.so.1': ['libexpat1'],
  'libasound.so.2': ['libasound2', 'libasound2t64'],
  'libpango-1.0.so.0': ['libpango-1.0-0'],
  'libpangocairo-1.0.so.0': ['libpangocairo-1.0-0'],
  'libcairo.so.2': ['libcairo2'],
  'libcairo-gobject.so.2': ['libcairo-gobject2'],
  'libudev.so.1': ['libudev1'],
  'libX11.so.6': ['libx11-6'],
  'libX11-xcb.so.1': ['libx11-xcb1'],
  'libxcb.so.1': ['libxcb1'],
  'libxcb-dri3.so.0': ['libxcb-dri3-0'],
  'libxkbcommon.so.0': ['libxkbcommon0'],
  'libXcomposite.so.1': ['libxcomposite1'],
  'libXdamage.so.1': ['libxdamage1'],
  'libXext.so.6': ['libxext6'],
  'libXfixes.so.3': ['libxfixes3'],
  'libXrandr.so.2': ['libxrandr2'],
  'libXrender.so.1': ['libxrender1'],
  'libXi.so.6': ['libxi6'],
  'libXcursor.so.1': ['libxcursor1'],
  'libXtst.so.6': ['libxtst6'],
  'libXss.so.1': ['libxss1'],
  'libxshmfence.so.1': ['libxshmfence1'],
  'libstdc++.so.6': ['libstdc++6'],
  'libgcc_s.so.1': ['libgcc-s1'],
};

/** Opened at run time by newer Electrons, so that ldd does not list it. */
const OPENED_LATER = ['libgtk-3.so.0'];

/** Names of the libraries that ldd could not find. */
export function missingInLdd(text) {
  const names = [...text.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
  return [...new Set(names)].sort();
}

/** Debian's candidates for the package of a library, or null when the table does not know it. */
export function packagesOf(library) {
  return PACKAGES[library] ?? null;
}

/** Libraries that the runtime needs and this system does not have. */
export async function missingLibraries(executable) {
  const folder = path.dirname(executable);
  const shared = readdirSync(folder).filter((name) => /\.so(\.\d+)*$/.test(name));
  // ldd looks beside the executable only where it is told to; libffmpeg.so stands there.
  const env = { ...process.env, LC_ALL: 'C', LD_LIBRARY_PATH: folder };
  const { stdout } = await capture('ldd', [executable, ...shared.map((name) => path.join(folder, name))], { env });
  const missing = new Set(missingInLdd(stdout));
  const known = await capture('/sbin/ldconfig', ['-p'], { env });
  if (known.status === 0) {
    for (const name of OPENED_LATER) if (!known.stdout.includes(`\t${name} `)) missing.add(name);
  }
  return [...missing].sort();
}
