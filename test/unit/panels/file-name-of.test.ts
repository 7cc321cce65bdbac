import assert from 'node:assert/strict';
import { fileNameOf } from '../../../src/panels/file-name-of.ts';

describe('file names for what is saved', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['memory_relations', 'memory_relations'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['..', '_'],
    ['', '_'],
    ['C:\\Windows\\a b', 'C_Windows_a_b'],
    ['naïve 表', 'naïve_表'],
    ['a\u0000b\nc', 'a_b_c'],
    ['NUL', '_NUL'],
    ['com1.txt', '_com1.txt'],
    ['.bashrc', '_bashrc'],
    ['-rf', '-rf'],
    ['x'.repeat(300), 'x'.repeat(100)],
  ];
  for (const [name, file] of cases) it(JSON.stringify(name.slice(0, 30)), () => assert.equal(fileNameOf(name), file));
});
