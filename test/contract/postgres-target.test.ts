import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import type { Target } from '../../src/core/target/target.ts';
import { requirePostgres } from '../helpers/postgres.ts';
import { describeTarget } from './target-contract.ts';

let target: Target | null = null;

describeTarget('postgres', {
  start: async (context) => {
    const cluster = await requirePostgres(context);
    return (target = await openPostgresTarget(parsePostgresUrl(await cluster.createDatabase(), {}), 'sluice contract'));
  },
  stop: async () => target?.close(),
});
