import { MessageChannel } from 'node:worker_threads';
import { bridgeEmbeddedLink, embeddedLinkOverPort } from '../../src/core/target/embedded/embedded-port.ts';
import type { EmbeddedLink } from '../../src/core/target/embedded/embedded-link.ts';
import { openEmbeddedTarget } from '../../src/core/target/embedded/open-embedded-target.ts';
import { embeddedFolder, forkTestEmbedded } from '../helpers/embedded.ts';
import { describeTarget } from './target-contract.ts';

describe('embedded target', function () {
  this.timeout(60_000);
  const folder = embeddedFolder();
  let link: EmbeddedLink;
  let overPort: EmbeddedLink;

  before(async () => {
    link = await forkTestEmbedded(folder.directory);
    const { port1, port2 } = new MessageChannel();
    bridgeEmbeddedLink(link, port1);
    overPort = embeddedLinkOverPort(port2, folder.directory);
  });
  after(async () => {
    await overPort.close();
    await link.close();
    folder.remove();
  });

  describeTarget('embedded', { start: () => openEmbeddedTarget(link), stop: async () => {} });
  // As a worker thread reaches it.
  describeTarget('embedded, over a message port', { start: () => openEmbeddedTarget(overPort), stop: async () => {} });
});
