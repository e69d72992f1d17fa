#!/usr/bin/env node
/**
 * The `faultline` command: runs the bundle in out/cli. In a source checkout it is built first when its sources are
 * newer; only then is Vite loaded. Messages go to standard error: standard output belongs to the results.
 */
import { existsSync } from 'node:fs';

const bundle = new URL('../out/cli/faultline.mjs', import.meta.url);
const source = new URL('../engine/cli/main.ts', import.meta.url);

/** Builds the bundle when it is stale. Returns false, having said why, when there is none to run. */
async function ready() {
  if (!existsSync(source)) {
    if (existsSync(bundle)) return true;
    console.error(
      'faultline: out/cli/faultline.mjs is missing and there are no sources to build it from; install it again',
    );
    return false;
  }
  const { isUpToDate } = await import('../scripts/build/stamp.mjs');
  if (isUpToDate('cli')) return true;
  try {
    const { buildStale } = await import('../scripts/build/build.mjs');
    await buildStale(['cli'], () => {});
    return true;
  } catch (error) {
    console.error(`faultline: cannot build the command: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

if (await ready()) await import(bundle.href);
else process.exitCode = 2;
