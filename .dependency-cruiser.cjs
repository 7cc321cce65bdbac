// The import rules of ARCHITECTURE.md. Type imports count. test/unit/boundaries.test.ts proves that each rule bites.

/** Folders of src/core from the ground up: a level imports only what is below it, and folders on one level never import each other. */
const levels = [
  ['model'],
  ['sql', 'dialect', 'inference', 'tuple'],
  ['sources', 'mapping', 'diff', 'target'],
  ['state', 'plan'],
  ['load', 'verify', 'rows', 'vectors', 'generate', 'report'],
  ['run'],
];
const folders = (names) => `^src/core/(${names.join('|')})/`;
const groundFiles = '^src/core/(errors|error-context|error-messages|engine-deps)\\.ts$';

/** How addresses are written, and the book-keeping of the one who shares an embedded process. */
const hostMayUse =
  '^src/core/(target/(postgres/(connection-string|postgres-url|postgres-label)|embedded/(bridged-client|embedded-directory))|vectors/embedding/embedding-endpoint)\\.ts$';

const levelRules = levels.flatMap((names, height) => {
  const higher = levels.slice(height + 1).flat();
  const upward = {
    name: `core-level-${height + 1}-imports-nothing-higher`,
    comment: `core/{${names.join(', ')}} is below ${higher.join(', ')} and index.ts.`,
    severity: 'error',
    from: { path: folders(names) },
    to: { path: [...(higher.length > 0 ? [folders(higher)] : []), '^src/core/index\\.ts$'] },
  };
  const sideways = {
    name: `core-level-${height + 1}-folders-are-apart`,
    comment: 'Folders on one level never import each other: move what both need one level down.',
    severity: 'error',
    from: { path: folders(names) },
    to: { path: folders(names), pathNot: '^src/core/$1/' },
  };
  return names.length > 1 ? [upward, sideways] : [upward];
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Type imports count as well: a knot of types is still a knot.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this file and it is no entry.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.test\\.ts$', '\\.d\\.ts$', '^scripts/', '^test/(helpers/(root-hooks|bundled-entry-file)|bench/)', '^samples/'],
      },
      to: {},
    },
    // The editor brings `vscode`.
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    {
      name: 'src-ships-dependencies-only',
      comment: 'What src imports at run time is in `dependencies`.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'src-is-alone',
      comment: 'Product code never imports tests, scripts or samples.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|samples)/' },
    },
    {
      name: 'core-is-alone',
      comment: 'Core imports nothing of ours outside src/core.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^(src|webview)/', pathNot: '^src/core/' },
    },
    {
      name: 'engine-knows-no-editor',
      comment: 'Core, command line and child processes run on plain Node, and so does the part of the host that forks engines.',
      severity: 'error',
      from: {
        path: [
          '^src/(core|cli|protocol|engine|engine-process|embedded-process)/',
          '^src/host/(engines/|(engines|embedded-broker|event)\\.ts$)',
        ],
      },
      to: { path: '^vscode$|node_modules/(@types/)?vscode/' },
    },
    {
      name: 'editor-runs-no-engine',
      comment:
        'The extension host works on plans, words and addresses; everything else in core is asked of an engine process. Types are free.',
      severity: 'error',
      from: { path: '^src/((host|commands|views|panels|editors)/|extension\\.ts$)' },
      to: {
        path: '^src/core/',
        pathNot: [groundFiles, '^src/core/(model|sql|plan|report)/', hostMayUse],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'protocol-takes-types-of-core-only',
      comment: 'Messages are shapes; pages and the extension host load them without loading core.',
      severity: 'error',
      from: { path: '^src/protocol/' },
      to: { path: '^src/core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine-process-knows-core-only',
      comment:
        'An engine knows core, the messages, and what it shares with the command line; an embedded database it reaches through the host.',
      severity: 'error',
      from: { path: '^src/engine-process/' },
      to: { path: '^src/', pathNot: '^src/(core|protocol|engine|engine-process)/' },
    },
    {
      name: 'engine-surroundings-know-core-only',
      comment: 'What the programs that run the engine share is below all of them.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/', pathNot: '^src/(core|engine)/' },
    },
    ...levelRules,
    {
      name: 'core-ground-stays-on-the-ground',
      comment:
        'errors, error-messages and engine-deps know only each other and the model; engine-deps also the type of the link to the embedded process.',
      severity: 'error',
      from: { path: groundFiles },
      to: { path: '^src/core/', pathNot: [groundFiles, '^src/core/model/', '^src/core/target/embedded/embedded-link\\.ts$'] },
    },
    {
      name: 'sources-are-apart',
      comment: 'Sources never import each other; what two need goes to sources/shared.',
      severity: 'error',
      from: { path: '^src/core/sources/([^/]+)/', pathNot: '^src/core/sources/(shared|jac)/' },
      to: { path: '^src/core/sources/', pathNot: ['^src/core/sources/$1/', '^src/core/sources/shared/', '^src/core/sources/source\\.ts$'] },
    },
    {
      name: 'jac-stores-stand-on-sqlite',
      comment:
        'A Jac store is translated into an SQLite database and read from there (ADR 0037): it knows how to open and read one, and no other source.',
      severity: 'error',
      from: { path: '^src/core/sources/jac/' },
      to: {
        path: '^src/core/sources/',
        pathNot: ['^src/core/sources/(jac|shared)/', '^src/core/sources/source\\.ts$', '^src/core/sources/sqlite/sqlite-source\\.ts$'],
      },
    },
    {
      name: 'sources-know-little',
      comment: 'A source knows the ground, core/dialect, core/inference and the contract; not SQL of the target, not tuples.',
      severity: 'error',
      from: { path: '^src/core/sources/' },
      to: { path: '^src/core/', pathNot: ['^src/core/(sources|dialect|inference|model)/', groundFiles] },
    },
    only(
      'sqlite-driver',
      '^src/(core/sources/(shared/sqlite|sqlite)|engine-process|embedded-process|cli/doctor)/',
      'node_modules/better-sqlite3/|^(node:)?sqlite$',
    ),
    only('duckdb-driver', '^src/(core/sources/(shared/duckdb|duckdb|parquet)|cli/doctor)/', 'node_modules/@duckdb/'),
    only('postgres-driver', '^src/core/target/postgres/', 'node_modules/(@types/)?(pg|pg-copy-streams)/'),
    only('pglite', '^src/embedded-process/', 'node_modules/@electric-sql/'),
    {
      name: 'webview-is-alone',
      comment: 'Pages run in the browser: from src they take the protocol, and types of core.',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: ['^(src|test|scripts|samples)/', '^vscode$', '^node:'], pathNot: '^src/(protocol|core)/' },
    },
    {
      name: 'webview-takes-types-of-core-only',
      comment: 'Code of core does not run in the browser, but for the few plain functions beside the shapes of core/model.',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^src/core/', pathNot: '^src/core/model/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'webview-takes-packages-for-browsers-only',
      comment: 'A page has no Node.js. A package that it needs is named here, so that nobody ships a driver to a browser by accident.',
      severity: 'error',
      from: { path: '^webview/' },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
        pathNot: ['node_modules/@tanstack/virtual-core/', 'node_modules/@vscode/webview-ui-toolkit/', 'node_modules/kdbush/', '^vscode$'],
      },
    },
    {
      name: 'webview-panels-are-apart',
      comment: 'What two pages need goes to webview/shared.',
      severity: 'error',
      from: { path: '^webview/([^/]+)/', pathNot: '^webview/shared/' },
      to: { path: '^webview/', pathNot: ['^webview/$1/', '^webview/shared/', '\\.d\\.ts$'] },
    },
    {
      name: 'only-one-place-imports-toolkit',
      comment: 'Controls come from webview/shared/ui.ts.',
      severity: 'error',
      from: { path: '^(webview|src)/', pathNot: '^webview/shared/ui\\.ts$' },
      to: { path: 'node_modules/@vscode/webview-ui-toolkit/|^@vscode/webview-ui-toolkit' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    // The tool takes the package esbuild for our file of that name.
    exclude: { path: ['^dist/', '^esbuild\\.js$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};

/** Only this part of src may import these packages. Tests use them freely as second opinions. */
function only(what, from, packages) {
  return {
    name: `only-one-place-imports-${what}`,
    comment: `Only ${from} imports it.`,
    severity: 'error',
    from: { path: '^src/', pathNot: from },
    to: { path: packages },
  };
}
