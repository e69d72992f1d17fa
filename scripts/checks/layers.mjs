/**
 * The direction of imports. `base ← mm, malloc ← proc ← c ← kernel ← player ← renderer/worker ← stores ← views, canvas`:
 * a layer imports itself and what stands left of it. Main and the window tests know engine/protocol alone.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const ENGINE = [
  'engine/base',
  'engine/mm',
  'engine/malloc',
  'engine/proc',
  'engine/c',
  'engine/kernel',
  'engine/player',
];
const WINDOW_LOW = [...ENGINE, 'engine/protocol', 'renderer/worker', 'renderer/stores'];
const WINDOW_PARTS = ['renderer/canvas', 'renderer/ui', 'renderer/actions', 'renderer/dev', 'renderer/code'];
const WINDOW_VIEWS = ['renderer/views', 'renderer/presenter'];

/** What each layer may import besides itself. Every layer of the engine may also use the types in engine/protocol. */
const ALLOWED = {
  'engine/protocol': [],
  'engine/base': ['engine/protocol'],
  'engine/mm': ['engine/protocol', 'engine/base'],
  // Sees memory through an interface of its own, so not mm.
  'engine/malloc': ['engine/protocol', 'engine/base'],
  // Counts on page numbers alone, so not mm either.
  'engine/policy': ['engine/protocol', 'engine/base'],
  'engine/proc': ['engine/protocol', ...ENGINE.slice(0, 3)],
  'engine/c': ['engine/protocol', ...ENGINE.slice(0, 4)],
  'engine/kernel': ['engine/protocol', 'engine/policy', ...ENGINE.slice(0, 5)],
  'engine/player': ['engine/protocol', 'engine/policy', ...ENGINE.slice(0, 6)],
  'engine/testing': ['engine/protocol', 'engine/policy', ...ENGINE],
  'engine/cli': ['engine/protocol', 'engine/testing', 'engine/policy', ...ENGINE],
  'renderer/worker': ['engine/protocol', ...ENGINE],
  'renderer/stores': ['engine/protocol', ...ENGINE, 'renderer/worker'],
  // Pure functions over data: layout, draw list, hit test.
  'renderer/canvas': WINDOW_LOW,
  'renderer/ui': WINDOW_LOW,
  'renderer/actions': WINDOW_LOW,
  // Highlighting and the editor of C: texts alone.
  'renderer/code': ['engine/protocol'],
  // Measures the window; knows no view, so that any of them can show it.
  'renderer/dev': [...WINDOW_LOW, 'renderer/ui', 'renderer/canvas', 'renderer/actions'],
  'renderer/views': [...WINDOW_LOW, ...WINDOW_PARTS],
  'renderer/presenter': [...WINDOW_LOW, ...WINDOW_PARTS, 'renderer/views'],
  // The page's own entry and root component put everything together.
  renderer: [...WINDOW_LOW, ...WINDOW_PARTS, ...WINDOW_VIEWS],
  main: ['engine/protocol'],
  e2e: ['engine/protocol'],
};

/** Layers that may use Node. */
const WITH_NODE = ['engine/cli', 'engine/testing', 'main', 'e2e'];
const WITH_ELECTRON = ['main', 'e2e'];

/** Pieces of the window that every part of it may share; none of them may import a layer. */
const SHARED_FILES = /^renderer\/(styles|assets|theme|text|lib)\//;

/** The layer of a file given by its path from the project's folder, with `/`. */
export function layerOf(file) {
  const [first, second] = file.split('/');
  if (first === 'main' || first === 'e2e') return first;
  // What the tests of one layer share.
  if (/^engine\/[^/]+\/testing\//.test(file)) return 'engine/testing';
  const folder = `${first}/${second}`;
  return first === 'renderer' && !(folder in ALLOWED) ? 'renderer' : folder;
}

/** Everything that a TypeScript or Svelte source names in imports, exports from and import(). */
export function importsOf(text) {
  const scripts = text.includes('<script')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1])
    : [];
  const source = scripts.length > 0 ? scripts.join('\n') : text;
  return ts.preProcessFile(source, true, true).importedFiles.map((found) => found.fileName);
}

/** What is wrong with one import, in one line, or null. Tests may import what they like. */
export function importProblem(file, specifier) {
  if (/\.(test|spec)\.ts$/.test(file) && !file.startsWith('e2e/')) return null;
  const layer = layerOf(file);
  if (!(layer in ALLOWED)) return `${file}: ${layer} is no known layer; give it a place in scripts/checks/layers.mjs`;
  if (!specifier.startsWith('.')) return packageProblem(file, layer, specifier);
  const target = path.posix.join(path.posix.dirname(file), specifier.replace(/\?.*$/, ''));
  if (SHARED_FILES.test(target) && !SHARED_FILES.test(file) && layer.startsWith('renderer')) return null;
  // For the version, which stands nowhere else.
  if (target === 'package.json' && WITH_NODE.includes(layer)) return null;
  const other = layerOf(target);
  if (other === layer || ALLOWED[layer].includes(other)) return null;
  return `${file}: ${layer} must not import ${target}`;
}

function packageProblem(file, layer, specifier) {
  const name = specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : specifier.split('/')[0];
  const isNode = specifier.startsWith('node:') || builtinModules.includes(name);
  if (isNode && !WITH_NODE.includes(layer)) return `${file}: ${layer} must not use Node's ${specifier}`;
  if (name === 'electron' && !WITH_ELECTRON.includes(layer)) return `${file}: ${layer} must not use Electron`;
  if (name.includes('svelte') && !layer.startsWith('renderer')) return `${file}: ${layer} must not use Svelte`;
  return null;
}
