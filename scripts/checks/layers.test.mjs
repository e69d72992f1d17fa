import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../lib/root.mjs';
import { importProblem, importsOf, layerOf } from './layers.mjs';

/** All sources below a folder, as paths from the project's folder with `/`. */
function sourcesBelow(folder) {
  if (!existsSync(inRoot(folder))) return [];
  return readdirSync(inRoot(folder), { recursive: true })
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((name) => /\.(ts|svelte)$/.test(name));
}

describe('the direction of imports', () => {
  it('holds in every source file', () => {
    const problems = ['engine', 'main', 'renderer', 'e2e'].flatMap(sourcesBelow).flatMap((file) => {
      const specifiers = importsOf(readFileSync(inRoot(file), 'utf8'));
      return specifiers.map((specifier) => importProblem(file, specifier)).filter((problem) => problem !== null);
    });
    expect(problems).toEqual([]);
  });

  it.each([
    ['engine/mm/fault.ts', '../proc/task.ts'],
    ['engine/malloc/free.ts', '../mm/mmap.ts'],
    ['engine/kernel/step.ts', '../player/journal.ts'],
    ['engine/player/seek.ts', '../../renderer/worker/host.ts'],
    ['engine/protocol/commands.ts', '../base/units.ts'],
    ['main/files/open.ts', '../../engine/player/scenario.ts'],
    ['e2e/tour.spec.ts', '../engine/kernel/step.ts'],
    ['renderer/stores/machine.svelte.ts', '../views/Frames.svelte'],
    ['renderer/canvas/frames.ts', '../views/Frames.svelte'],
    ['engine/base/units.ts', 'node:fs'],
    ['engine/kernel/step.ts', 'fs/promises'],
    ['engine/kernel/step.ts', 'electron'],
    ['engine/player/journal.ts', 'svelte/store'],
    ['renderer/views/Frames.svelte', 'node:path'],
    ['engine/kernel/step.ts', '../../package.json'],
    ['renderer/dev/DevOverlay.svelte', '../views/App.svelte'],
    ['engine/unheard-of/new.ts', './other.ts'],
  ])('refuses %s importing %s', (file, specifier) => {
    expect(importProblem(file, specifier)).not.toBeNull();
  });

  it.each([
    ['engine/proc/fork.ts', '../mm/vma.ts'],
    ['engine/kernel/step.ts', '../protocol/commands.ts'],
    ['engine/mm/page.machine.ts', 'xstate'],
    ['engine/cli/main.ts', 'node:fs'],
    ['main/ipc/handlers.ts', '../../engine/protocol/window-api.ts'],
    ['main/index.ts', 'electron'],
    ['engine/cli/run.ts', '../../package.json'],
    ['renderer/views/App.svelte', '../dev/DevOverlay.svelte'],
    ['renderer/worker/host.ts', '../../engine/player/index.ts'],
    ['renderer/views/Frames.svelte', '../canvas/frames.ts'],
    ['renderer/views/Frames.svelte', '../styles/tokens.css'],
    ['renderer/main.ts', './App.svelte'],
    ['engine/mm/fault.test.ts', '../testing/fixtures.ts'],
  ])('lets %s import %s', (file, specifier) => {
    expect(importProblem(file, specifier)).toBeNull();
  });

  it('reads imports of every kind, in TypeScript and in Svelte', () => {
    expect(importsOf("import type { A } from './a.ts';\nexport * from './b.ts';\nvoid import('./c.ts');")).toEqual([
      './a.ts',
      './b.ts',
      './c.ts',
    ]);
    expect(
      importsOf('<script lang="ts">\n  import A from \'./A.svelte\';\n</script>\n<p>import x from "y"</p>'),
    ).toEqual(['./A.svelte']);
  });

  it('gives a file outside the named folders of the window to its root', () => {
    expect(layerOf('renderer/App.svelte')).toBe('renderer');
    expect(layerOf('renderer/worker/host.ts')).toBe('renderer/worker');
  });
});
