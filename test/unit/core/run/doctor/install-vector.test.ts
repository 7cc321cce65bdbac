import assert from 'node:assert/strict';
import { installVector } from '../../../../../src/core/run/doctor/install-vector.ts';

const cases: readonly [versionText: string, serverVersion: number, first: string][] = [
  ['PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu', 150_020, 'sudo apt install postgresql-15-pgvector'],
  ['PostgreSQL 16.4 (Ubuntu 16.4-1.pgdg24.04+1) on x86_64-pc-linux-gnu', 160_004, 'sudo apt install postgresql-16-pgvector'],
  ['PostgreSQL 17.2 (Homebrew) on aarch64-apple-darwin24.0.0', 170_002, 'brew install pgvector'],
  [
    'PostgreSQL 16.4 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 11.4.1 (Red Hat 11.4.1-3), 64-bit',
    160_004,
    'sudo dnf install pgvector_16',
  ],
  ['PostgreSQL 16.4 on something else', 160_004, 'git clone https://github.com/pgvector/pgvector.git'],
];

describe('how pgvector gets to a server', () => {
  for (const [versionText, serverVersion, first] of cases)
    it(versionText, () => assert.equal(installVector(versionText, serverVersion)[0], first));
});
