import { execFileSync } from 'node:child_process';
import { notCovered } from './postgres.ts';

/** Words in front of a command that runs it where `folder` is mounted read-only; nobody else sees that mount. */
export function onReadOnlyMount(folder: string): readonly string[] {
  return [...namespace, 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', folder];
}

/** Words in front of a command that runs it where `folder` is a disk of `megabytes`. */
export function onSmallDisk(folder: string, megabytes: number): readonly string[] {
  return [...namespace, 'sh', '-c', `mount -t tmpfs -o size=${megabytes}m none "$0" && exec "$@"`, folder];
}

/** Words in front of a command that runs it as a user without any right; only root can do that. */
export const asNobody: readonly string[] = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** For a `before` hook: skips where namespaces of mounts are not allowed, unless everything is required. */
export function requireMounts(context: Mocha.Context): void {
  if (works([...namespace, 'sh', '-c', 'mount -t tmpfs none /mnt'])) return;
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error('mount namespaces are not allowed here');
  notCovered('read-only mounts and full disks: mount namespaces are not allowed here');
  context.skip();
}

/** For a `before` hook: skips unless this is root and another user can read the project. */
export function requireOtherUser(context: Mocha.Context, readable: string): void {
  if (process.getuid?.() === 0 && works([...asNobody, process.execPath, '--check', readable])) return;
  notCovered('stores of other users: this is not root, or the project lies where other users cannot read it');
  context.skip();
}

const namespace: readonly string[] = process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-rm'];

function works([program = '', ...words]: readonly string[]): boolean {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
