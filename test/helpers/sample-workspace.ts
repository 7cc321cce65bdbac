import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWidgetTdc } from '../../samples/widgettdc/build.ts';

const sample = join(import.meta.dirname, '../../samples/widgettdc');
const store = 'widget-tdc.db';

/** Copies what a user has of the WidgetTDC sample into `folder`: the store and a README, no plan. Leaves files alone that are there. */
export function copySample(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const file of [store, 'README.md']) {
    if (existsSync(join(folder, file))) continue;
    if (existsSync(join(sample, file))) copyFileSync(join(sample, file), join(folder, file));
    else if (file === store) buildWidgetTdc(join(folder, store));
  }
}
