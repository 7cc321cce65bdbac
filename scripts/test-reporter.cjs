// The spec reporter, which also says which files took longest, and writes what scripts/test.ts adds up: how many tests passed, which failed, which were
// skipped.
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const { reporters } = require('mocha');

const longestFiles = 12;

module.exports = class TestReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const passed = [];
    const skipped = [];
    const failed = [];
    runner.on('pass', (test) => passed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('fail', (test, error) => failed.push({ title: test.fullTitle(), error: error.stack ?? String(error) }));
    const seconds = new Map();
    let begun = 0;
    // A suite directly in the root is one of a file; its hooks count too.
    runner.on('suite', (suite) => {
      if (suite.parent?.root) begun = performance.now();
    });
    runner.on('suite end', (suite) => {
      if (!suite.parent?.root) return;
      const file = relative(process.cwd(), suite.file ?? '');
      seconds.set(file, (seconds.get(file) ?? 0) + (performance.now() - begun) / 1000);
    });
    runner.on('end', () => tellLongest(seconds));
    runner.on('end', () => writeFileSync(process.env.SLUICE_TEST_RESULT, JSON.stringify({ passed: passed.length, skipped, failed })));
  }
};

function tellLongest(seconds) {
  const longest = [...seconds].sort((a, b) => b[1] - a[1]).slice(0, longestFiles);
  for (const [file, spent] of longest) console.log(`${spent.toFixed(0).padStart(5)} s  ${file}`);
}
