// The spec reporter, which also writes what scripts/test.ts adds up: how many tests passed, which failed, which were skipped.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class TestReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const passed = [];
    const skipped = [];
    const failed = [];
    runner.on('pass', (test) => passed.push(test.fullTitle()));
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.on('fail', (test, error) => failed.push({ title: test.fullTitle(), error: error.stack ?? String(error) }));
    runner.on('end', () => writeFileSync(process.env.SLUICE_TEST_RESULT, JSON.stringify({ passed: passed.length, skipped, failed })));
  }
};
