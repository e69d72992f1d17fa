/** Builds bundles with Vite, in this process: no other program is started, so it works with an empty PATH. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { inRoot } from '../lib/root.mjs';
import { Failure } from '../lib/say.mjs';
import { publish } from './publish.mjs';
import { currentStamp, isUpToDate, writeStamp } from './stamp.mjs';
import { hasSource, TARGETS } from './targets.mjs';

/**
 * Builds those of the named bundles that are not up to date.
 * @param {string[]} names keys of TARGETS
 * @param {(line: string) => void} report told each bundle that is built
 */
export async function buildStale(names, report) {
  const stale = names
    .map((name) => ({ name, stamp: currentStamp(name) }))
    .filter(({ name, stamp }) => !isUpToDate(name, stamp));
  if (stale.length === 0) return;
  const { build, configs } = await loadVite();
  for (const { name, stamp } of stale) {
    if (!hasSource(name)) throw new Failure(`${TARGETS[name].entry} is missing; is this a complete checkout?`);
    const start = performance.now();
    await buildOne(build, configs[name], name);
    writeStamp(name, stamp);
    report(`built ${TARGETS[name].output} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

/** Vite and the configurations in electron.config.ts. Loaded only when something must be built: half a second. */
async function loadVite() {
  const vite = await import('vite').catch(() => {
    throw new Failure('Vite is not installed, so nothing can be built; run: npm install');
  });
  const file = inRoot('electron.config.ts');
  // 'runner' because the default writes a temporary file into node_modules, which may not be ours to write.
  const loaded = await vite.loadConfigFromFile(
    { command: 'build', mode: 'production' },
    file,
    inRoot(),
    'silent',
    undefined,
    'runner',
  );
  return { build: vite.build, configs: loaded.config };
}

async function buildOne(build, config, name) {
  const { output, result } = TARGETS[name];
  await mkdir(inRoot('out'), { recursive: true });
  const temporary = await mkdtemp(inRoot('out', `.building-${name}-`));
  try {
    await build({ ...config, build: { ...config.build, outDir: temporary, emptyOutDir: true } });
    await publish(temporary, inRoot(...output.split('/')), path.normalize(result));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
