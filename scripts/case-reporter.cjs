// The spec reporter, which also writes what scripts/test-cases.ts lists: each test's titles, outermost first, and how it ended.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CaseReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const tests = [];
    const note = (state) => (test) => tests.push({ titles: test.titlePath(), state });
    runner.on('pass', note('passed'));
    runner.on('pending', note('skipped'));
    runner.on('fail', note('failed'));
    runner.on('end', () => writeFileSync(process.env.SLUICE_TEST_RESULT, JSON.stringify(tests)));
  }
};
