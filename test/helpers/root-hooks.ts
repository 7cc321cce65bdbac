import { closeCaseTargetsBut } from './case-targets.ts';
import { removeOwnEmbeddedDatabase } from './new-embedded-database.ts';
import { removeSharedCluster } from './postgres.ts';
import { redirectEntryFiles } from './use-bundle.ts';

redirectEntryFiles();

/** Loaded by .mocharc.json: what outlives one test, or one test file, is put away here. */
export const mochaHooks = {
  async beforeEach(this: Mocha.Context): Promise<void> {
    await closeCaseTargetsBut(this.currentTest?.file);
  },
  async afterAll(): Promise<void> {
    await closeCaseTargetsBut(undefined);
    await removeSharedCluster();
    await removeOwnEmbeddedDatabase();
  },
};
