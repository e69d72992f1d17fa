/**
 * What oxlint cannot see: rules that need types, Svelte components, and the engine's purity (no clock, no chance, no
 * browser, no Node). Import direction is tested in scripts/checks/layers.test.mjs.
 */
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

const TYPED = ['engine/**/*.ts', 'main/**/*.ts', 'renderer/**/*.ts', 'e2e/**/*.ts', '*.config.ts'];

/** Rules that pay for reading types: promises that nobody waits for, and switches that forget a case. */
const typedRules = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
};

const commonRules = {
  // `== null` asks for null and undefined at once.
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
  'no-eval': 'error',
  'no-new-func': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // Typed arrays are read in hot loops where a branch for undefined would cost.
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-dynamic-delete': 'off',
};

/** Same scenario and seed, same bytes everywhere: nothing in the engine may look at the clock, chance or its host. */
const HOST_GLOBALS = [
  'window',
  'document',
  'navigator',
  'localStorage',
  'fetch',
  'process',
  'Buffer',
  'require',
  '__dirname',
];
const UNREPEATABLE = [
  ['Math', 'random', 'take numbers from base/prng'],
  ['Date', 'now', 'time is virtual: use the kernel’s ticks'],
  ['performance', 'now', 'time is virtual: use the kernel’s ticks'],
];

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', 'coverage/**', 'scenarios/**', 'test-results/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  { rules: commonRules },
  {
    files: TYPED,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: typedRules,
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        extraFileExtensions: ['.svelte'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Every {@html} is a hole in the Trusted Types policy.
      'svelte/no-at-html-tags': 'error',
      'svelte/button-has-type': 'error',
      // Props are destructured with let because some of them are bindable.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  {
    files: ['engine/**/*.ts'],
    ignores: ['engine/cli/**', 'engine/testing/**', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...HOST_GLOBALS.map((name) => ({ name, message: 'the engine runs in Node, in a worker and in the window' })),
      ],
      'no-restricted-properties': [
        'error',
        ...UNREPEATABLE.map(([object, property, message]) => ({ object, property, message })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'time is virtual: use the kernel’s ticks',
        },
      ],
    },
  },
  {
    files: ['e2e/**/*.ts'],
    rules: {
      // Playwright wants the first argument of a fixture destructured, also when it is empty.
      'no-empty-pattern': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name='waitForTimeout']",
          message: 'wait for something that is seen, never for time',
        },
      ],
    },
  },
  {
    // CommonJS, because Electron itself runs it.
    files: ['scripts/runtime/default-app/*.js', '**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
