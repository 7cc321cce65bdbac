import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fails when a text holds one of the secrets. The secret itself stays out of what the test prints. */
export function assertNoSecret(secrets: readonly string[], text: string, where: string): void {
  for (const secret of secrets) {
    const at = text.indexOf(secret);
    assert.ok(at < 0, `${where} holds ${secret.slice(0, 4)}… after: ${text.slice(Math.max(0, at - 120), at)}`);
  }
}

/** URLs of servers among the values of an environment, as `env:DATABASE_URL` names one: they are secrets, whether they hold a password or not. */
export function serverUrls(environment: Readonly<Record<string, string | undefined>> = {}): readonly string[] {
  return Object.values(environment).flatMap((value) => (value !== undefined && /^postgres(?:ql)?:\/\//.test(value) ? [value] : []));
}

/** The same for every file below a folder, except files named `.env`; the log of Sluice must be below one of the folders. */
export function assertNoSecretInFiles(secrets: readonly string[], folders: readonly string[]): void {
  const files = folders.flatMap((folder) =>
    globSync('**/*', { cwd: folder, withFileTypes: true, exclude: (entry) => entry.name === '.env' || entry.isSymbolicLink() })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  assert.ok(
    files.some((file) => /Sluice\.log$/.test(file)),
    'the log is among them',
  );
  for (const file of files) assertNoSecret(secrets, readFileSync(file, 'latin1'), file);
}
