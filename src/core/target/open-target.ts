import { MigrationError } from '../errors.ts';
import type { EmbeddedLink } from './embedded/embedded-link.ts';
import { openEmbeddedTarget } from './embedded/open-embedded-target.ts';
import { openPostgresTarget } from './postgres/open-postgres-target.ts';
import type { Target, TargetAddress } from './target.ts';

/** Opens one session on a target. An embedded one needs the link to the process that owns its directory. */
export async function openTarget(address: TargetAddress, links: { readonly embedded?: EmbeddedLink }): Promise<Target> {
  if (address.kind === 'postgres') return openPostgresTarget(address.connection, address.applicationName);
  if (links.embedded === undefined)
    throw new MigrationError('internal', { context: { detail: 'the embedded target was opened without a link' } });
  return openEmbeddedTarget(links.embedded);
}
