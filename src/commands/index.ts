import { addSource } from './add-source.ts';
import { backUpSource } from './back-up-source.ts';
import { backfillEmbeddings } from './backfill-embeddings.ts';
import { cancelRun } from './cancel-run.ts';
import { changeColumnType } from './change-column-type.ts';
import { checkVectorHealth } from './check-vector-health.ts';
import type { Command } from './command.ts';
import { compareRows } from './compare-rows.ts';
import { connectTarget } from './connect-target.ts';
import { copyCliCommand } from './copy-cli-command.ts';
import { diffSchemas } from './diff-schemas.ts';
import { discoverSources } from './discover-sources.ts';
import { exploreNeighbours } from './explore-neighbours.ts';
import { findDuplicates } from './find-duplicates.ts';
import { forgetEmbeddingKey } from './forget-embedding-key.ts';
import { openPlan } from './open-plan.ts';
import { openReport } from './open-report.ts';
import { openRows } from './open-rows.ts';
import { planMigration } from './plan-migration.ts';
import { previewSql } from './preview-sql.ts';
import { refresh } from './refresh.ts';
import { removeSource } from './remove-source.ts';
import { removeTarget } from './remove-target.ts';
import { renameTable } from './rename-table.ts';
import { restartEngine } from './restart-engine.ts';
import { resumeRun } from './resume-run.ts';
import { retryRejects } from './retry-rejects.ts';
import { rollBackRun } from './roll-back-run.ts';
import { runMigration } from './run-migration.ts';
import { setEmbeddingEndpoint } from './set-embedding-endpoint.ts';
import { showLog } from './show-log.ts';
import { showVectorMap } from './show-vector-map.ts';
import { testConnection } from './test-connection.ts';
import { verifyMigration } from './verify-migration.ts';

/** Every command, in the order of the alphabet. */
export const commands: readonly Command[] = [
  addSource,
  backUpSource,
  backfillEmbeddings,
  cancelRun,
  changeColumnType,
  checkVectorHealth,
  compareRows,
  connectTarget,
  copyCliCommand,
  diffSchemas,
  discoverSources,
  exploreNeighbours,
  findDuplicates,
  forgetEmbeddingKey,
  openPlan,
  openReport,
  openRows,
  planMigration,
  previewSql,
  refresh,
  removeSource,
  removeTarget,
  renameTable,
  restartEngine,
  resumeRun,
  retryRejects,
  rollBackRun,
  runMigration,
  setEmbeddingEndpoint,
  showLog,
  showVectorMap,
  testConnection,
  verifyMigration,
];
