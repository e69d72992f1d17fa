/** The bundles: what each is made from and the file that tells that it is there. */
import { existsSync } from 'node:fs';
import { inRoot } from '../lib/root.mjs';

/** Changes here can change every bundle. */
const SHARED = ['electron.config.ts', 'package.json', 'package-lock.json'];

/**
 * `entry` is the source file it starts from, `sources` the folders and files it depends on, `output` its folder and
 * `result` the file in it that others start.
 */
export const TARGETS = {
  main: { entry: 'main/index.ts', sources: ['main', 'engine', ...SHARED], output: 'out/main', result: 'index.cjs' },
  preload: {
    entry: 'main/preload/index.ts',
    sources: ['main/preload', 'engine/protocol', ...SHARED],
    output: 'out/preload',
    result: 'index.cjs',
  },
  renderer: {
    entry: 'renderer/index.html',
    sources: ['renderer', 'engine', ...SHARED],
    output: 'out/renderer',
    result: 'index.html',
  },
  cli: { entry: 'engine/cli/main.ts', sources: ['engine', ...SHARED], output: 'out/cli', result: 'faultline.mjs' },
  fuzz: {
    entry: 'engine/testing/soak-job.ts',
    sources: ['engine', ...SHARED],
    output: 'out/fuzz',
    result: 'soak-job.mjs',
  },
};

/** What the lab is made of: all but what only tests run. */
export const PRODUCT = ['main', 'preload', 'renderer', 'cli'];

/** False in an installed package, which has out/ and no sources. */
export function hasSource(name) {
  return existsSync(inRoot(TARGETS[name].entry));
}
