import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { openEmbeddedTarget } from '../../src/core/target/embedded/open-embedded-target.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import type { Target } from '../../src/core/target/target.ts';
import { embeddedFolder, forkTestEmbedded } from './embedded.ts';
import { layEmbeddedDatabase } from './new-embedded-database.ts';
import { requirePostgres } from './postgres.ts';

/** Runs `tests` against an empty database of every target, pgvector created. */
export function describeOnTargets(name: string, tests: (target: () => Target) => void): void {
  describe(`${name}: postgres`, function () {
    this.timeout(60_000);
    let target: Target | undefined;
    before(async function () {
      const cluster = await requirePostgres(this);
      target = await openPostgresTarget(parsePostgresUrl(await cluster.createDatabase(), {}), 'sluice test');
      await target.query('CREATE EXTENSION vector');
    });
    after(() => target?.close());
    tests(() => target!);
  });

  describe(`${name}: embedded`, function () {
    this.timeout(60_000);
    const folder = embeddedFolder();
    let link: EmbeddedLink | undefined;
    let target: Target | undefined;
    before(async () => {
      await layEmbeddedDatabase(folder.directory);
      link = await forkTestEmbedded(folder.directory);
      target = await openEmbeddedTarget(link);
      await target.query('CREATE EXTENSION vector');
    });
    after(async () => {
      await target?.close();
      await link?.close();
      folder.remove();
    });
    tests(() => target!);
  });
}
