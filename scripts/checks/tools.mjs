/** The checks that are not tests: types and linters. Each counts as one in the closing line of a test run. */

/** `name`, npm package, its command and arguments. */
export const TYPES = [
  { name: 'types', from: 'typescript', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'svelte-check',
    from: 'svelte-check',
    command: 'svelte-check',
    args: ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
];

export const LINT = [
  { name: 'oxlint', from: 'oxlint', command: 'oxlint', args: ['--deny-warnings'] },
  { name: 'eslint', from: 'eslint', command: 'eslint', args: ['.', '--max-warnings', '0'] },
  { name: 'prettier', from: 'prettier', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
];
