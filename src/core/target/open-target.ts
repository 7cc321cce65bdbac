import { MigrationError } from '../errors.ts';
import type { EmbeddedLink } from './embedded/embedded-link.ts';
import { openEmbeddedTarget } from './embedded/open-embedded-target.ts';
import { openPostgresTarget } from './postgres/open-postgres-target.ts';
import type { Target, TargetAddress } from './target.ts';

interface OpenTargetOptions {
  /** The link to the process that owns the directory; an embedded target needs it. */
  readonly embedded?: EmbeddedLink;
  /** See PostgresTargetOptions. */
  readonly anyPooling?: boolean;
}

/** Opens one session on a target. */
export async function openTarget(address: TargetAddress, options: OpenTargetOptions): Promise<Target> {
  if (address.kind === 'postgres') return openPostgresTarget(address.connection, address.applicationName, options);
  if (options.embedded === undefined)
    throw new MigrationError('internal', { context: { detail: 'the embedded target was opened without a link' } });
  return openEmbeddedTarget(options.embedded);
}
