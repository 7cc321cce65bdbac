import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * The editor calls this inside the extension host. Runs the tests that lie beside the built file and leaves the outcome where
 * SLUICE_TEST_RESULT says, in the form of scripts/test-reporter.cjs. Rejects when a test failed: that is the editor's exit code.
 */
export function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...words: readonly unknown[]) => console.log(`${mark}${format(...words)}`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, forbidOnly: true, reporter: 'spec', color: false });
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(join(__dirname, file));
  }
  return new Promise((resolve, reject) => {
    const passed: string[] = [];
    const skipped: string[] = [];
    const failed: { title: string; error: string }[] = [];
    const runner = mocha.run((failures) => {
      const result = process.env['SLUICE_TEST_RESULT'];
      if (result) writeFileSync(result, JSON.stringify({ passed: passed.length, skipped, failed }));
      if (failures === 0) resolve();
      else reject(new Error(`${failures} failed`));
    });
    runner.on('pass', (test) => passed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('fail', (test, error: Error) => failed.push({ title: test.fullTitle(), error: error.stack ?? String(error) }));
  });
}

/** Tells lines of the reporter from what the editor prints. */
const mark = '[mocha]';
