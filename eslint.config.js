// The rules of the house that a machine can check. Formatting is biome's, import directions are dependency-cruiser's.
import js from '@eslint/js';
import fpTs from 'eslint-plugin-fp-ts';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const pure = ['conference', 'desired', 'plan', 'render'].map((folder) => `src/${folder}/**/*.ts`);

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'fp-ts': fpTs },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // No casts: decode instead. `as const` is no cast.
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // A closed union stays closed: a new member must be handled wherever the union is switched on.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      // A Promise, Task or IO that nobody runs does nothing and fails nothing.
      '@typescript-eslint/no-floating-promises': 'error',
      'fp-ts/no-discarded-pure-expression': 'error',
      // fp-ts and io-ts have no exports map: any other spelling loads a second copy, or crashes in plain Node.
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'fp-ts', message: "Write 'fp-ts/lib/X.js'." }],
          patterns: [{ regex: '^(fp-ts|io-ts)/(?!lib/.+\\.js$)', message: "Write '.../lib/X.js'." }],
        },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...noLanguageExtras(), ...noBarrel()],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `async` without `await` is how synchronous work answers with a promise, and throws into it.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Pure folders know no clock, no randomness, no process and no timer (imports: dependency-cruiser).
    files: pure,
    rules: {
      'no-restricted-globals': ['error', ...effectfulGlobals()],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is passed in.' },
        { object: 'Date', property: 'now', message: 'The time is passed in.' },
      ],
      'no-restricted-syntax': ['error', ...noLanguageExtras(), ...noBarrel(), ...noClock()],
    },
  },
  {
    // The only barrel.
    files: ['src/index.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noLanguageExtras()] },
  },
  {
    // A describe block is as long as what it describes.
    files: ['test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // Vitest reads its configuration from a default export.
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noBarrel()] },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } },
  },
);

function noLanguageExtras() {
  return [
    { selector: 'TSEnumDeclaration', message: 'A union of literals instead of an enum.' },
    { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
    { selector: 'ClassDeclaration, ClassExpression', message: 'A record of functions instead of a class.' },
  ];
}

function noBarrel() {
  return [
    {
      selector: 'ExportAllDeclaration, ExportNamedDeclaration[source]',
      message: 'src/index.ts is the only barrel: import from where it is declared.',
    },
  ];
}

function noClock() {
  return [
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The time is passed in.' },
  ];
}

function effectfulGlobals() {
  const names = [
    'process',
    'performance',
    'fetch',
    'crypto',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
  ];
  return names.map((name) => ({ name, message: 'Pure code: pass in what it needs.' }));
}
