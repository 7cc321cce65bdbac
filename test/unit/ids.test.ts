import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { commandIds, contextKeys, panelIds, settingIds, viewIds } from '../../src/ids.ts';

interface Contribution {
  readonly command?: string;
  readonly id?: string;
  readonly view?: string;
  readonly when?: string;
  readonly contents?: string;
}

const manifestText = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(manifestText) as {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly Contribution[];
    readonly views: { readonly sluice: readonly Contribution[] };
    readonly viewsWelcome: readonly Contribution[];
    readonly menus: Readonly<Record<string, readonly Contribution[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
};
const { contributes } = manifest;
const menuItems = Object.values(contributes.menus).flat();

describe('ids and the manifest', () => {
  it('name the same commands', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), Object.values(commandIds).sort());
  });

  it('name the same views', () => {
    assert.deepEqual(contributes.views.sluice.map(({ id }) => id).sort(), Object.values(viewIds).sort());
  });

  it('name the same settings', () => {
    assert.deepEqual(Object.keys(contributes.configuration.properties).sort(), Object.values(settingIds).sort());
  });

  it('activate for every panel that a reloaded window brings back, and never for everything', () => {
    for (const id of Object.values(panelIds)) assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${id}`), id);
    assert.ok(!manifest.activationEvents.includes('*'));
  });

  it('put every command into a menu or the palette, and nothing else there', () => {
    const known = new Set<string>(Object.values(commandIds));
    for (const { command } of menuItems) assert.ok(known.has(command!), command);
    const hidden = contributes.menus['commandPalette']!.filter(({ when }) => when === 'false').map(({ command }) => command!);
    for (const command of hidden.filter((id) => id !== commandIds.loadMore)) {
      assert.ok(
        menuItems.some((item) => item.command === command && item.when !== 'false'),
        `${command} can be reached nowhere`,
      );
    }
  });

  it('use only context keys that the code sets', () => {
    const keys = new Set<string>(Object.values(contextKeys));
    const used = [...menuItems, ...contributes.viewsWelcome].flatMap(({ when = '' }) => when.match(/sluice\.\w+/g) ?? []);
    const views = new Set<string>(Object.values(viewIds));
    for (const key of used.filter((word) => !views.has(word))) assert.ok(keys.has(key), key);
    const code = globSync('src/{host,views,commands,editors,panels}/**/*.ts')
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    for (const name of Object.keys(contextKeys)) assert.match(code, new RegExp(`contextKeys\\.${name}\\b`), `${name} is never set`);
  });

  it('have a text for every placeholder, and no text without one', () => {
    const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
    const wanted = new Set([...manifestText.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!));
    assert.deepEqual(Object.keys(texts).sort(), [...wanted].sort());
  });
});
