import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's and Ubuntu's package tool, as root. Each method throws an Error with the last lines of output. */
export interface Apt {
  update(say: (line: string) => void): void;
  install(packages: readonly string[], say: (line: string) => void): void;
  run(command: string, args: readonly string[], options?: { readonly cwd?: string }): void;
  /** Is there a version of this package to install? */
  knows(name: string): boolean;
}

/** apt with the rights to use it, or the reason why not. */
export function findApt(): Apt | string {
  if (!existsSync('/usr/bin/apt-get')) return 'this machine has no apt-get; install it by hand';
  const root = process.getuid?.() === 0;
  if (!root && spawnSync('sudo', ['-n', 'true']).status !== 0) return 'installing it needs root or passwordless sudo';
  const prefix = root ? ['env'] : ['sudo', '-n', 'env'];
  const run: Apt['run'] = (command, args, options = {}) =>
    runOrThrow([...prefix, 'DEBIAN_FRONTEND=noninteractive', command, ...args], options.cwd);
  return {
    run,
    update: (say) => {
      say('apt-get update');
      run('apt-get', ['update', '-q']);
    },
    install: (packages, say) => {
      say(`apt-get install ${packages.join(' ')}`);
      run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages]);
    },
    knows: (name) => /^Version:/m.test(spawnSync('apt-cache', ['show', '--no-all-versions', name], { encoding: 'utf8' }).stdout),
  };
}

function runOrThrow(command: readonly string[], cwd: string | undefined): void {
  const [program = '', ...args] = command;
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...(cwd === undefined ? {} : { cwd }) });
  if (result.status === 0) return;
  const lastLines = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-6).join('\n');
  throw new Error(`\`${command.join(' ')}\` failed:\n${lastLines}`);
}
