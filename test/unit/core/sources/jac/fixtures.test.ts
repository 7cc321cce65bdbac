import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Anchor, PythonValue } from '../../../../../src/core/sources/jac/anchor.ts';
import { readRecords } from '../../../../../src/core/sources/jac/open-anchors.ts';
import { isBroken } from '../../../../../src/core/sources/jac/stored-record.ts';
import { anchorsOf, expectedGraph, jacVariants, withVariant } from '../../../../helpers/jac-fixtures.ts';

type Notation = Readonly<Record<string, unknown>>;

/** Whether a value is what the runtime had, in the notation of expected.json. */
function same(value: PythonValue, expected: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value === expected;
  if (typeof value === 'bigint') return value === expected || (expected as Notation | null)?.['$bigint'] === String(value);
  if (typeof value === 'number')
    return Number.isFinite(value)
      ? Object.is(value, expected)
      : (expected as Notation)['$float'] === String(value).toLowerCase().replace('inity', '');
  if (value instanceof Uint8Array) return (expected as Notation)['$bytes'] === Buffer.from(value).toString('hex');
  const notation = expected as Notation;
  switch (value.tag) {
    case 'list':
      return sameItems(value.items, expected);
    case 'tuple':
    case 'set':
    case 'frozenset':
      return sameItems(value.items, notation[`$${value.tag}`]);
    case 'dict': {
      const map = notation['$map'] as [unknown, unknown][] | undefined;
      const pairs = map ?? Object.entries(notation);
      return (
        pairs.length === value.entries.length &&
        value.entries.every(([key, held], i) => same(key, pairs[i]![0]) && same(held, pairs[i]![1]))
      );
    }
    case 'timedelta':
      return notation['$timedelta'] === value.days * 86_400 + value.seconds + value.microseconds / 1e6;
    case 'enum': {
      const [className, name, held] = notation['$enum'] as [string, string, unknown];
      const known = value.name === null ? same(value.value, held) : value.name === name;
      return known && className.endsWith(`.${value.className}`);
    }
    case 'object':
      return notation['$object'] === `${value.module}.${value.className}` && sameFields(value.fields, notation['fields'] as Notation);
    case 'node':
      return notation['$ref'] === value.id && String(notation['$object']).endsWith(`.${value.className}`);
    case 'foreign':
      return false;
    default:
      return notation[`$${value.tag}`] === value.text;
  }
}

function sameItems(items: readonly PythonValue[], expected: unknown): boolean {
  return Array.isArray(expected) && expected.length === items.length && items.every((item, i) => same(item, expected[i]));
}

function sameFields(fields: Anchor['fields'], expected: Notation): boolean {
  return fields.size === Object.keys(expected).length && [...fields].every(([name, value]) => same(value, expected[name]));
}

/** Returns how many fields were compared. */
function compareFields(anchor: Anchor, expected: Notation): number {
  assert.deepEqual([...anchor.fields.keys()].sort(), Object.keys(expected).sort(), anchor.id);
  for (const [name, value] of anchor.fields) assert.ok(same(value, expected[name]), `${anchor.id} ${name}`);
  return anchor.fields.size;
}

describe('stores of Jac as jaclang wrote them', () => {
  const compared: string[] = [];
  after(() => console.log(compared.map((line) => `      ${line}`).join('\n')));

  for (const variant of Object.keys(jacVariants)) {
    const expected = expectedGraph(variant);

    it(`X01 X03 X04 X06 X08 ${variant}: every node, edge and field`, () => {
      const { anchors, broken } = withVariant(variant, anchorsOf);
      assert.deepEqual(broken, []);
      assert.equal(anchors.size, Number(expected.raw_key_count));
      let fields = 0;
      for (const node of expected.nodes) {
        const anchor = anchors.get(node.id)!;
        const { kind, className, module, rootId, access, ends } = anchor;
        assert.deepEqual([kind, className, module, rootId, ends], ['node', node.type, node.module, node.root, null]);
        assert.deepEqual(access, node.access_all === null ? null : { all: Number(node.access_all), roots: new Map() });
        fields += compareFields(anchor, node.fields);
      }
      for (const edge of expected.edges) {
        const anchor = anchors.get(edge.id)!;
        const { kind, className, module, ends } = anchor;
        assert.deepEqual([kind, className, module, anchor.edges], ['edge', edge.type, edge.module, []]);
        assert.deepEqual(ends, { source: edge.source, target: edge.target, undirected: edge.is_undirected });
        for (const end of [edge.source, edge.target]) assert.ok(anchors.get(end)!.edges.includes(edge.id), `${edge.id} of ${end}`);
        fields += compareFields(anchor, edge.fields);
      }
      // The runtime walks from one root; what it cannot reach are the roots of the other users.
      const reached = new Set([...expected.nodes, ...expected.edges].map(({ id }) => id));
      const others = [...anchors.values()].filter(({ id }) => !reached.has(id));
      assert.ok(others.every(({ className, edges }) => className === 'Root' && edges.length === 0));
      compared.push(`${variant}: ${expected.nodes.length} nodes, ${expected.edges.length} edges, ${fields} fields`);
    });

    it(`X01 ${variant}: the bytes of every value`, () => {
      const sums = withVariant(variant, (copy) =>
        [...readRecords(copy)].map((record) => {
          assert.ok(!isBroken(record));
          return [record.key, createHash('sha256').update(record.value).digest('hex')];
        }),
      );
      assert.equal(sums.length, Number(expected.raw_key_count));
      assert.deepEqual(Object.fromEntries(sums), expected.raw_value_sha256);
    });
  }
});
