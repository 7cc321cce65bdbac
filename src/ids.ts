/** Every id that package.json contributes, once. test/unit/ids.test.ts compares both in both directions. */

export const commandIds = {
  addSource: 'sluice.addSource',
  backUpSource: 'sluice.backUpSource',
  backfillEmbeddings: 'sluice.backfillEmbeddings',
  cancelRun: 'sluice.cancelRun',
  compareRows: 'sluice.compareRows',
  connectTarget: 'sluice.connectTarget',
  copyCliCommand: 'sluice.copyCliCommand',
  diffSchemas: 'sluice.diffSchemas',
  discoverSources: 'sluice.discoverSources',
  checkVectorHealth: 'sluice.checkVectorHealth',
  exploreNeighbours: 'sluice.exploreNeighbours',
  findDuplicates: 'sluice.findDuplicates',
  forgetEmbeddingKey: 'sluice.forgetEmbeddingKey',
  loadMore: 'sluice.loadMore',
  openPlan: 'sluice.openPlan',
  openReport: 'sluice.openReport',
  openRows: 'sluice.openRows',
  planMigration: 'sluice.planMigration',
  previewSql: 'sluice.previewSql',
  refresh: 'sluice.refresh',
  removeSource: 'sluice.removeSource',
  removeTarget: 'sluice.removeTarget',
  renameTable: 'sluice.renameTable',
  changeColumnType: 'sluice.changeColumnType',
  restartEngine: 'sluice.restartEngine',
  resumeRun: 'sluice.resumeRun',
  retryRejects: 'sluice.retryRejects',
  rollBackRun: 'sluice.rollBackRun',
  runMigration: 'sluice.runMigration',
  setEmbeddingEndpoint: 'sluice.setEmbeddingEndpoint',
  showLog: 'sluice.showLog',
  showVectorMap: 'sluice.showVectorMap',
  testConnection: 'sluice.testConnection',
  verifyMigration: 'sluice.verifyMigration',
} as const;

export const viewIds = {
  sources: 'sluice.sources',
  target: 'sluice.target',
  plan: 'sluice.plan',
  runs: 'sluice.runs',
} as const;

export const panelIds = {
  rows: 'sluice.rows',
  rowDiff: 'sluice.rowDiff',
  neighbours: 'sluice.neighbours',
  duplicates: 'sluice.duplicates',
  health: 'sluice.health',
  report: 'sluice.report',
  vectorMap: 'sluice.vectorMap',
} as const;

/** Keys of `when` clauses. */
export const contextKeys = {
  /** Sources were looked for at least once. */
  discovered: 'sluice.discovered',
  hasSources: 'sluice.hasSources',
  hasTargets: 'sluice.hasTargets',
  hasPlan: 'sluice.hasPlan',
  hasRuns: 'sluice.hasRuns',
  running: 'sluice.running',
  /** A native module of the engine cannot be loaded here. */
  nativeMissing: 'sluice.nativeMissing',
} as const;

export const settingIds = {
  discoveryEnabled: 'sluice.discovery.enabled',
  discoveryExclude: 'sluice.discovery.exclude',
  inspectSampleRows: 'sluice.inspect.sampleRows',
  embeddedDirectory: 'sluice.embedded.directory',
  embeddingEndpoint: 'sluice.embedding.endpoint',
  embeddingModel: 'sluice.embedding.model',
} as const;
