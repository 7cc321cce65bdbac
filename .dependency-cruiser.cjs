// The import rules of ARCHITECTURE.md. Type imports count. test/unit/boundaries.test.ts proves that each rule bites.

/** Folders of src/core from the ground up: a level imports only what is below it, and folders on one level never import each other. */
const levels = [
  ['model'],
  ['sql', 'inference', 'tuple'],
  ['sources', 'mapping', 'diff', 'target'],
  ['state', 'plan'],
  ['load', 'verify', 'rows', 'vectors', 'generate', 'report'],
  ['run'],
];
const folders = (names) => `^src/core/(${names.join('|')})/`;
const groundFiles = '^src/core/(errors|error-context|error-messages|engine-deps)\\.ts$';

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
        pathNot: ['\\.test\\.ts$', '\\.d\\.ts$', '^scripts/', '^test/(helpers/root-hooks|bench/)', '^samples/'],
      },
      to: {},
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
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
      comment: 'Core, command line and child processes run on plain Node.',
      severity: 'error',
      from: { path: '^src/(core|cli|protocol|engine-process|embedded-process)/' },
      to: { path: '^vscode$|node_modules/(@types/)?vscode/' },
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
      from: { path: '^src/core/sources/([^/]+)/', pathNot: '^src/core/sources/shared/' },
      to: { path: '^src/core/sources/', pathNot: ['^src/core/sources/$1/', '^src/core/sources/shared/', '^src/core/sources/source\\.ts$'] },
    },
    {
      name: 'sources-know-little',
      comment: 'A source knows the ground, core/inference and the contract; not SQL of the target, not tuples.',
      severity: 'error',
      from: { path: '^src/core/sources/' },
      to: { path: '^src/core/', pathNot: ['^src/core/(sources|inference|model)/', groundFiles] },
    },
    only('sqlite-driver', '^src/(core/sources/sqlite|embedded-process|cli/doctor)/', 'node_modules/better-sqlite3/|^(node:)?sqlite$'),
    only('postgres-driver', '^src/core/target/postgres/', 'node_modules/(@types/)?(pg|pg-copy-streams)/'),
    only('pglite', '^src/embedded-process/', 'node_modules/@electric-sql/'),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist/'] },
    exclude: { path: '^dist/' },
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
