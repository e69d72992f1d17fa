/**
 * How the bundles are built: Electron's main process, its preload, the window, the command line, and a job of random
 * scripts. Used by scripts/build/build.mjs; each is an ordinary Vite configuration whose output goes below out/.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig, Plugin } from 'vite';

const root = path.dirname(fileURLToPath(import.meta.url));
const inRoot = (...parts: string[]) => path.join(root, ...parts);

/** What the oldest runtime offers: the fallback is Electron 33 with Chromium 130 and Node 20. */
const CHROME = 'chrome130';
const NODE = 'node20';

const nodeModules = [...builtinModules, /^node:/, 'electron'];

/** A bundle for Node: one file, every dependency inside, because node_modules is not there at run time. */
function forNode(entry: string, folder: string, file: string, format: 'cjs' | 'es'): InlineConfig {
  return {
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      target: NODE,
      outDir: inRoot('out', folder),
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: {
        input: inRoot(entry),
        external: nodeModules,
        output: { format, entryFileNames: file, codeSplitting: false },
      },
    },
  };
}

export const main = forNode('main/index.ts', 'main', 'index.cjs', 'cjs');

/** CommonJS in one file is all that a sandboxed preload can be. */
export const preload = forNode('main/preload/index.ts', 'preload', 'index.cjs', 'cjs');

export const cli = forNode('engine/cli/main.ts', 'cli', 'faultline.mjs', 'es');

/** Random scripts, for `npm run fuzz`; no part of what is shipped. */
export const fuzz = forNode('engine/testing/soak-job.ts', 'fuzz', 'soak-job.mjs', 'es');

/**
 * The lab's own script, and those it is made of, are fetched and compiled while the first one runs, not when that one
 * asks for them. Scripts that it loads later (the editor, sheets) are nobody's until then.
 */
const fetchScriptsAhead: Plugin = {
  name: 'faultline:fetch-scripts-ahead',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const main = Object.values(bundle ?? {}).find(
        (file) => file.type === 'chunk' && file.isDynamicEntry && file.name === 'main',
      );
      const needed = main?.type === 'chunk' ? [main.fileName, ...main.imports] : [];
      return needed
        .filter((fileName) => !html.includes(fileName))
        .map((fileName) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
          injectTo: 'head' as const,
        }));
    },
  },
};

/** Relative addresses, so that the page works below app://lab/ and nowhere knows its own address. */
export const renderer: InlineConfig = {
  root: inRoot('renderer'),
  configFile: false,
  base: './',
  logLevel: 'warn',
  plugins: [svelte({ configFile: false }), fetchScriptsAhead],
  worker: { format: 'es' },
  build: {
    target: CHROME,
    outDir: inRoot('out', 'renderer'),
    emptyOutDir: true,
    // The content security policy forbids data: addresses for most kinds of files.
    assetsInlineLimit: 0,
    // One sheet, named in the page: styles of a script that is imported later would come later.
    cssCodeSplit: false,
    sourcemap: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
  },
};

export default { main, preload, renderer, cli, fuzz };
