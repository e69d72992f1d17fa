/** Unit, property and model tests: beside the code they test, in plain Node. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // For rune modules (.svelte.ts); `browser` because Svelte's server build has no reactivity to test.
  plugins: [svelte({ configFile: false })],
  resolve: { conditions: ['browser'] },
  test: {
    include: ['{engine,main,renderer}/**/*.test.ts', 'scripts/**/*.test.mjs'],
    environment: 'node',
    // Property tests and tests that start a process take seconds on two slow cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One a core: by default one core is left out, which on two of them doubles the time.
    maxWorkers: '100%',
  },
});
