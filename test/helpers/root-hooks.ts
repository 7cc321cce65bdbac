import { removeSharedCluster } from './postgres.ts';

/** Loaded by .mocharc.json: what outlives one test file is put away here. */
export const mochaHooks = {
  afterAll: removeSharedCluster,
};
