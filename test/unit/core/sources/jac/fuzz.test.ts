import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MigrationError } from '../../../../../src/core/errors.ts';
import type { AnchorReader } from '../../../../../src/core/sources/jac/anchor.ts';
import { interpretAnchor } from '../../../../../src/core/sources/jac/interpret-anchor.ts';
import { interpretJsonAnchor } from '../../../../../src/core/sources/jac/interpret-json.ts';
import { atCopy, filesToCopy, type JacFiles } from '../../../../../src/core/sources/jac/jac-files.ts';
import { openAnchors, readRecords } from '../../../../../src/core/sources/jac/open-anchors.ts';
import { readPickle } from '../../../../../src/core/sources/jac/pickle/read-pickle.ts';
import { readPythonJson } from '../../../../../src/core/sources/jac/python-json.ts';
import { recogniseJac } from '../../../../../src/core/sources/jac/recognise.ts';
import { RecordFault } from '../../../../../src/core/sources/jac/record-fault.ts';
import { isBroken, type StoredRecord } from '../../../../../src/core/sources/jac/stored-record.ts';
import { inFolder, jacFolder, jacVariants, withVariant } from '../../../../helpers/jac-fixtures.ts';

/** Seconds of the long form for each variant; 0 = the short one. See docs/testing.md. */
const seconds = Number(process.env['SLUICE_JAC_FUZZ'] ?? 0);
const seed = Number(process.env['SLUICE_JAC_FUZZ_SEED'] ?? 20_261_130);
const filesEach = 14;
const valuesEach = 150;

/** What a damaged store may be called. */
const diagnoses = new Set(['corrupt-store', 'encrypted-store', 'source-read-failed', 'unread-jac-form']);

/** Milliseconds that a store of 1 MB, or one value, may take at most; ten times what the slowest took on a busy machine. */
const longest = 5_000;

/** Numbers from 0 to `below`, the same for each seed (mulberry32). */
type Random = (below: number) => number;

function randomBy(start: number): Random {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const numbers = [0, 1, 0x7f, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/** Bytes flipped, numbers replaced, parts cut, moved, doubled or emptied. */
function mutate(original: Uint8Array, random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let left = 1 + random(4); left > 0 && bytes.length > 8; left--) {
    // Half of the damage hits the beginning, where headers are.
    const at = random(random(2) === 0 ? Math.min(256, bytes.length - 8) : bytes.length - 8);
    const length = 1 + random(Math.min(4_096, bytes.length - at));
    switch (random(7)) {
      case 0:
        bytes[at]! ^= 1 << random(8);
        break;
      case 1:
        bytes[at] = random(256);
        break;
      case 2:
        bytes.writeUInt32LE(numbers[random(numbers.length)]!, at);
        break;
      case 3:
        bytes.writeUInt32BE((bytes.readUInt32BE(at) + random(64) - 32) >>> 0, at);
        break;
      case 4:
        bytes = random(4) === 0 ? bytes.subarray(0, at) : bytes.fill(random(2) * 0xff, at, at + Math.min(16, length));
        break;
      case 5:
        bytes.copyWithin(at, random(bytes.length), bytes.length);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)]);
    }
  }
  return bytes;
}

/** Reads to the end; counts, or names what is wrong. */
function outcome(reader: AnchorReader): { readonly good: number; readonly broken: number; readonly diagnosis: string | null } {
  let [good, broken] = [0, 0];
  try {
    for (const each of reader.read(new AbortController().signal)) {
      if ('reason' in each) {
        assert.ok(each.reason.length > 0 && each.reason.length < 1_000 && each.key.length < 2_000);
        broken++;
      } else good++;
    }
    return { good, broken, diagnosis: null };
  } catch (error) {
    if (!(error instanceof MigrationError) || !diagnoses.has(error.code)) throw error;
    return { good, broken, diagnosis: error.code };
  } finally {
    reader.close();
  }
}

interface Counts {
  stores: number;
  values: number;
  anchors: number;
  broken: number;
  refused: number;
  slowest: number;
}

function timed(counts: Counts, label: string, work: () => void): void {
  const from = performance.now();
  try {
    work();
  } catch (error) {
    throw new Error(`${label}: ${error instanceof Error ? error.stack : String(error)}`, { cause: error });
  }
  const took = performance.now() - from;
  counts.slowest = Math.max(counts.slowest, took);
  assert.ok(took < longest, `${label} took ${took} ms`);
}

function fuzzFile(original: JacFiles, folder: string, round: number, counts: Counts): void {
  const random = randomBy(seed + round);
  const files = filesToCopy(original);
  const chosen = files[random(files.length)]!;
  for (const file of files) copyFileSync(file, join(folder, basename(file)));
  writeFileSync(join(folder, basename(chosen)), mutate(readFileSync(chosen), random));
  const copy = atCopy(original, folder);
  timed(counts, `${basename(chosen)} of ${original.data}, round ${round}`, () => {
    recogniseJac(copy.data);
    const { good, broken, diagnosis } = outcome(openAnchors(copy));
    counts.stores++;
    counts.anchors += good;
    counts.broken += broken;
    if (diagnosis !== null) counts.refused++;
  });
  // What SQLite laid beside it belongs to another damage.
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(copy.data + suffix, { force: true });
}

function fuzzValue(record: StoredRecord, round: number, counts: Counts): void {
  const value = mutate(record.value, randomBy(seed + round));
  timed(counts, `the value of ${record.key}, round ${round}`, () => {
    counts.values++;
    try {
      if (record.json === true) interpretJsonAnchor(record.key, readPythonJson(value));
      else interpretAnchor(record.key, readPickle(value));
      counts.anchors++;
    } catch (error) {
      if (!(error instanceof RecordFault)) throw error;
      counts.broken++;
    }
  });
}

describe('damaged stores of Jac', () => {
  for (const variant of [...Object.keys(jacVariants), 'hostile-dumb'])
    it(`X02 X05 X07 ${variant}: records or a named diagnosis, whatever the damage`, function () {
      this.timeout(Math.max(20_000, seconds * 1_500));
      const counts: Counts = { stores: 0, values: 0, anchors: 0, broken: 0, refused: 0, slowest: 0 };
      const original = recogniseJac(join(jacFolder, variant, jacVariants[variant] ?? 'main.session'))!;
      const records = withVariant(variant, (copy) => [...readRecords(copy)].filter((record): record is StoredRecord => !isBroken(record)));
      const before = Object.getOwnPropertyNames(Object.prototype).sort();
      const end = performance.now() + seconds * 1_000;
      inFolder((folder) => {
        for (let round = 0; seconds === 0 ? round < filesEach : performance.now() < end; round++) {
          fuzzFile(original, folder, round, counts);
          for (let i = 0; i < valuesEach / filesEach; i++) {
            const record = records[(round * 31 + i) % records.length]!;
            fuzzValue(record, round * 1_000 + i, counts);
          }
        }
      });
      assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), before);
      assert.ok(counts.anchors > 0 && counts.broken + counts.refused > 0, 'damage was found, and what is sound was read');
      if (seconds > 0) console.log(`      ${variant}: ${JSON.stringify({ ...counts, slowest: Math.round(counts.slowest) })}`);
    });
});
