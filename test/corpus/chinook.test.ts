import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedTarget, postgresTarget, type CliTarget } from '../helpers/cli-target.ts';
import { requirePython, type OracleKind, type OracleTable } from '../helpers/oracle.ts';
import { notCovered, requirePostgres } from '../helpers/postgres.ts';
import { parseRun, projectRoot, runCli } from '../helpers/run-cli.ts';

/** The Chinook sample store as its authors publish it: names in brackets, NVARCHAR, DATETIME, NUMERIC(10,2), a composite key, self-references. */
const store = join(projectRoot, '../shared/corpus/sqlite/chinook.sqlite');

const address = {
  Address: 'text',
  City: 'text',
  State: 'text',
  Country: 'text',
  PostalCode: 'text',
  Phone: 'text',
  Fax: 'text',
  Email: 'text',
} as const;
const tables: readonly OracleTable[] = [
  table('Album', { AlbumId: 'integer', Title: 'text', ArtistId: 'integer' }),
  table('Artist', { ArtistId: 'integer', Name: 'text' }),
  table('Customer', { CustomerId: 'integer', FirstName: 'text', LastName: 'text', Company: 'text', ...address, SupportRepId: 'integer' }),
  table('Employee', {
    EmployeeId: 'integer',
    LastName: 'text',
    FirstName: 'text',
    Title: 'text',
    ReportsTo: 'integer',
    BirthDate: 'instant',
    HireDate: 'instant',
    ...address,
  }),
  table('Genre', { GenreId: 'integer', Name: 'text' }),
  table('Invoice', {
    InvoiceId: 'integer',
    CustomerId: 'integer',
    InvoiceDate: 'instant',
    BillingAddress: 'text',
    BillingCity: 'text',
    BillingState: 'text',
    BillingCountry: 'text',
    BillingPostalCode: 'text',
    Total: 'decimal',
  }),
  table('InvoiceLine', { InvoiceLineId: 'integer', InvoiceId: 'integer', TrackId: 'integer', UnitPrice: 'decimal', Quantity: 'integer' }),
  table('MediaType', { MediaTypeId: 'integer', Name: 'text' }),
  table('Playlist', { PlaylistId: 'integer', Name: 'text' }),
  table('Track', {
    TrackId: 'integer',
    Name: 'text',
    AlbumId: 'integer',
    MediaTypeId: 'integer',
    GenreId: 'integer',
    Composer: 'text',
    Milliseconds: 'integer',
    Bytes: 'integer',
    UnitPrice: 'decimal',
  }),
];

describeTarget('PostgreSQL', async (context) => postgresTarget(await requirePostgres(context)));
describeTarget('the embedded target', () => Promise.resolve(embeddedTarget()));

function describeTarget(name: string, open: (context: Mocha.Context) => Promise<CliTarget>): void {
  describe(`Chinook into ${name}`, function () {
    this.timeout(180_000);
    let target: CliTarget;

    before(async function () {
      requireStore(this);
      requirePython(this);
      target = await open(this);
    });

    after(async () => {
      await target?.remove();
    });

    it('migrates without a plan of its own, and says match', async () => {
      const result = parseRun(await runCli(['run', store, '--target', target.flag, '--json'], { environment: target.environment }));
      assert.equal(result.verification.status, 'match');
      assert.equal(result.tables.length, 11);
      assert.equal(result.rejects, 0);
      assert.equal(
        result.tables.reduce((rows, { rowsWritten }) => rows + rowsWritten, 0),
        15_607,
      );
    });

    it('a foreign reader finds every cell equal', async () => {
      for (const entry of tables) {
        const { sourceRows, targetRows, missing, extra, different, first } = await target.compare(store, entry);
        assert.deepEqual({ missing, extra, different, first }, { missing: 0, extra: 0, different: 0, first: [] }, entry.source);
        assert.ok(sourceRows > 0 && sourceRows === targetRows, entry.source);
      }
      // Its key has two columns, which the foreign reader cannot match by; sums as SQLite's shell gives them.
      const sums = `SELECT count(*) || ' ' || sum("PlaylistId") || ' ' || sum("PlaylistId" * "TrackId") FROM "PlaylistTrack"`;
      assert.deepEqual(await target.query(sums), ['8715 42852 78671120']);
    });

    it('every foreign key holds and is validated', async () => {
      const keys = `SELECT count(*) || ' ' || bool_and(convalidated) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`;
      assert.deepEqual(await target.query(keys), ['11 true']);
    });
  });
}

function table(source: string, columns: Readonly<Record<string, OracleKind>>): OracleTable {
  return { source, target: `public."${source}"`, columns };
}

/** The corpus holds other people's files and is not part of this repository. */
function requireStore(context: Mocha.Context): void {
  if (existsSync(store)) return;
  const note = 'the corpus of other people’s stores (../shared/corpus) is not there';
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error(note);
  notCovered(note);
  context.skip();
}
