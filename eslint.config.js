import tseslint from 'typescript-eslint';

const outsideWorld = 'Core reads nothing from outside: take it from EngineDeps or as an argument.';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.cache/', '.sluice/', 'node_modules/', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-console': 'off',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-else-return': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Interfaces promise promises; an implementation that has nothing to wait for is still right.
      '@typescript-eslint/require-await': 'off',
      // Text for people is made from numbers, lists and absent values all the time, and rows of a server are `unknown`.
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'webview/**/*.ts', 'scripts/**/*.ts', 'samples/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 25],
      'max-depth': ['error', 4],
    },
  },
  {
    // One entry a code, and the wording lives in one file: its length is the number of things that can go wrong.
    files: ['src/core/error-messages.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'performance', message: outsideWorld }, { name: 'crypto', message: outsideWorld }],
      'no-restricted-syntax': ['error', ...coreRestrictions(), ...quotingRestrictions()],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/core/**'],
    rules: { 'no-restricted-syntax': ['error', ...quotingRestrictions()] },
  },
  {
    files: ['src/core/{plan,load,state,verify,run}/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...coreRestrictions(), ...quotingRestrictions(), ...kindRestrictions()] },
  },
  {
    // The stores' own identifiers are not PostgreSQL's, and a source does not know core/sql.
    files: ['src/core/sql/quote.ts', 'src/core/sources/shared/quote-name.ts'],
    rules: { 'no-restricted-syntax': ['error', ...coreRestrictions()] },
  },
  {
    // The entry of a thread is a composition root: the clock comes into core here.
    files: ['src/core/run/engine-worker.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    // `any` out of JSON is checked by the assertions themselves; interfaces are taken apart on purpose.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);

/** What core may not say (architecture: errors have codes; environment, clock and randomness are arguments). */
function coreRestrictions() {
  return [
    { selector: 'NewExpression[callee.name=/^(Error|TypeError|RangeError|SyntaxError)$/]', message: 'Core throws MigrationError only.' },
    { selector: 'CallExpression[callee.name=/^(Error|TypeError|RangeError)$/]', message: 'Core throws MigrationError only.' },
    {
      selector: "MemberExpression[object.name='process'][property.name=/^(env|argv|hrtime|cwd|stdout|stderr|exit)$/]",
      message: outsideWorld,
    },
    { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: outsideWorld },
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: outsideWorld },
    { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: outsideWorld },
    {
      selector:
        'ImportSpecifier[imported.name=/^(randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues|performance|hrtime)$/]',
      message: outsideWorld,
    },
    { selector: "ImportDeclaration[source.value='node:process']", message: outsideWorld },
  ];
}

/** Only core/sql/quote.ts quotes identifiers and literals. */
function quotingRestrictions() {
  const message = 'Only core/sql/quote.ts quotes identifiers and literals.';
  const doubled = 'CallExpression[callee.property.name=/^replace(All)?$/]';
  return [`[arguments.1.value='""']`, `[arguments.1.value="''"]`].map((condition) => ({ selector: `${doubled}${condition}`, message }));
}

/** Planner and loader read capabilities; they never ask which source or target it is. */
function kindRestrictions() {
  const message = 'Never ask which source or target it is: read its capabilities.';
  return [{ selector: 'BinaryExpression > Literal[value=/^(sqlite|duckdb|delimited|parquet|jac)$/]', message }];
}
