import assert from 'node:assert/strict';
import type { ConnectionCheck } from '../../../../src/core/model/connection-check.ts';
import { renderChecks } from '../../../../src/core/report/render-checks.ts';

const command = 'CREATE DATABASE "a long name with many words in it" TEMPLATE template0;';
const checks: readonly ConnectionCheck[] = [
  { check: 'reach', state: 'ok', code: null, message: 'A server answers.', remedy: null, commands: [] },
  {
    check: 'database',
    state: 'failed',
    code: 'no-such-database',
    message: 'There is no\nsuch database here.',
    remedy: 'Make it, or correct the name.',
    commands: [command],
  },
  { check: 'rights', state: 'skipped', code: null, message: 'Not looked at.', remedy: null, commands: [] },
  { check: 'room', state: 'skipped', code: null, message: 'Not looked at.', remedy: null, commands: [] },
];

describe('the checks of a connection, as text', () => {
  it('say each thing in a line of its own, and show control characters', () => {
    assert.equal(
      renderChecks(checks),
      `ok       reach     A server answers.
FAILED   database  There is no\\x0asuch database here.
                   Make it, or correct the name.
                     ${command}
-        rights, room: Not looked at.
`,
    );
  });

  it('wrap sentences between words where a width is told, and no commands', () => {
    assert.equal(
      renderChecks(checks, 38),
      `ok       reach     A server answers.
FAILED   database  There is no\\x0asuch
                   database here.
                   Make it, or correct
                   the name.
                     ${command}
-        rights, room: Not looked at.
`,
    );
  });
});
