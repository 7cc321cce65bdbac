/** Ways to install pgvector, by what `version()` says of the system that the server was built for. The first that fits counts. */
const ways: readonly { readonly built: RegExp; readonly commands: (major: number) => readonly string[] }[] = [
  { built: /Debian|Ubuntu|pgdg\d+\+/, commands: (major) => [`sudo apt install postgresql-${major}-pgvector`] },
  { built: /Homebrew/, commands: () => ['brew install pgvector'] },
  { built: /Red Hat/, commands: (major) => [`sudo dnf install pgvector_${major}`] },
  { built: /Alpine/, commands: (major) => [`docker pull pgvector/pgvector:pg${major}`] },
  {
    built: /Visual C\+\+|msvc|mingw/i,
    commands: () => ['git clone https://github.com/pgvector/pgvector.git', 'nmake /F Makefile.win install'],
  },
];

const fromSource = ['git clone https://github.com/pgvector/pgvector.git', 'make -C pgvector install'];

/** What to run on the machine of a server so that it has pgvector. `versionText`: what `version()` says. */
export function installVector(versionText: string, serverVersion: number): readonly string[] {
  const major = Math.floor(serverVersion / 10_000);
  return ways.find(({ built }) => built.test(versionText))?.commands(major) ?? fromSource;
}
