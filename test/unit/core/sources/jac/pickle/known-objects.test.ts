import assert from 'node:assert/strict';
import type { PythonValue } from '../../../../../../src/core/sources/jac/anchor.ts';
import { PythonValueReader } from '../../../../../../src/core/sources/jac/pickle/python-value-reader.ts';
import { readPickle } from '../../../../../../src/core/sources/jac/pickle/read-pickle.ts';
import { call, dict, global, instance, integer, list, none, op, pickle, text, tuple } from '../../../../../helpers/pickle-writer.ts';

const read = (value: Uint8Array): PythonValue => new PythonValueReader().read(readPickle(pickle(value)));
const bytes = (...each: number[]): Buffer => op('C', each.length, ...each);
const hour = call('datetime', 'timedelta', integer(0), integer(3_600), integer(0));

/** What looks like a known object, but holds what none of its kind has, stays what it is. */
const impostors: readonly (readonly [string, Uint8Array, string])[] = [
  ['a date of the 13th month', call('datetime', 'date', bytes(7, 232, 13, 1)), 'date'],
  ['the 30th of February', call('datetime', 'date', bytes(7, 232, 2, 30)), 'date'],
  ['the 29th of February 1900', call('datetime', 'date', bytes(7, 108, 2, 29)), 'date'],
  ['the year 0', call('datetime', 'date', bytes(0, 0, 1, 1)), 'date'],
  ['a date of three bytes', call('datetime', 'date', bytes(7, 232, 1)), 'date'],
  ['25 o’clock', call('datetime', 'time', bytes(25, 0, 0, 0, 0, 0)), 'time'],
  ['a million microseconds', call('datetime', 'time', bytes(1, 0, 0, 0x0f, 0x42, 0x40)), 'time'],
  ['a datetime of a zone that nobody knows', call('datetime', 'datetime', bytes(7, 232, 1, 1, 0, 0, 0, 0, 0, 0), text('UTC')), 'datetime'],
  ['a timedelta of a text', call('datetime', 'timedelta', text('1'), integer(0), integer(0)), 'timedelta'],
  ['a timedelta of a negative second', call('datetime', 'timedelta', integer(0), integer(-1), integer(0)), 'timedelta'],
  ['a decimal that is a word', call('decimal', 'Decimal', text('one')), 'Decimal'],
  ['a UUID beyond 128 bits', instance('uuid', 'UUID', dict({ int: op(0x8a, 17, Buffer.alloc(16), 1) })), 'UUID'],
  ['a member looked up in a module of Python', call('builtins', 'getattr', global('os', 'environ'), text('HOME')), 'getattr'],
  ['a call of a module of Python that looks like a class', call('subprocess', 'Popen', text('id')), 'Popen'],
  ['a function of a program', call('main', 'make_report', text('x')), 'make_report'],
];

describe('objects in pickles', () => {
  for (const [name, value, known] of impostors)
    it(`X07 ${name} is kept as it is`, () => {
      const found = read(value);
      const shown = found !== null && typeof found === 'object' && 'tag' in found ? found : null;
      assert.equal(shown?.tag === 'object' ? shown.className : shown?.tag === 'foreign' ? shown.name : shown?.tag, known);
    });

  it('X07 knows members of an enum by name (Python 3.11.2) and by value', () => {
    const member = { tag: 'enum', className: 'Urgency', name: 'HIGH', value: null };
    assert.deepEqual(read(call('builtins', 'getattr', global('main', 'Urgency'), text('HIGH'))), member);
    assert.deepEqual(read(call('main', 'Urgency', integer(3))), { tag: 'enum', className: 'Urgency', name: null, value: 3n });
    assert.deepEqual(read(call('main', 'Outer.Inner', text('x'))), { tag: 'enum', className: 'Outer.Inner', name: null, value: 'x' });
  });

  it('X07 takes lists of the runtime for lists, empty ones as well', () => {
    assert.deepEqual(read(instance('jaclang', 'JacList')), { tag: 'list', items: [] });
    assert.deepEqual(read(op(instance('jaclang', 'JacList'), '(', integer(1), 'e')), { tag: 'list', items: [1n] });
    assert.deepEqual(read(op(instance('jaclang.runtimelib.x', 'OtherList'), integer(1), 'a')), { tag: 'list', items: [1n] });
  });

  it('X07 keeps all parts of what is not known', () => {
    assert.deepEqual(read(op(instance('m', 'C', dict({ a: none })), '(', integer(1), 'e', text('k'), integer(2), 's')), {
      tag: 'foreign',
      module: 'm',
      name: 'C',
      args: [],
      state: {
        tag: 'dict',
        entries: [
          ['state', { tag: 'dict', entries: [['a', null]] }],
          ['items', { tag: 'list', items: [1n] }],
          ['entries', { tag: 'dict', entries: [['k', 2n]] }],
        ],
      },
    });
    assert.deepEqual(read(instance('m', 'C', list(integer(1)))), {
      tag: 'foreign',
      module: 'm',
      name: 'C',
      args: [],
      state: { tag: 'list', items: [1n] },
    });
    assert.deepEqual(read(instance('m', 'C', tuple(dict({ a: integer(1) }), dict({ b: integer(2) })))), {
      tag: 'object',
      module: 'm',
      className: 'C',
      fields: new Map([
        ['a', 1n],
        ['b', 2n],
      ]),
    });
  });

  it('X07 keeps what is appended to the result of a call of a call', () => {
    const parts = read(op(op(call('m', 'f'), tuple(integer(1)), 'R'), '(', integer(2), 'e'));
    assert.deepEqual(parts, {
      tag: 'foreign',
      module: '',
      name: '',
      args: [
        { tag: 'foreign', module: 'm', name: 'f', args: [], state: null },
        { tag: 'tuple', items: [1n] },
      ],
      state: {
        tag: 'dict',
        entries: [
          ['state', null],
          ['items', { tag: 'list', items: [2n] }],
          ['entries', { tag: 'dict', entries: [] }],
        ],
      },
    });
  });

  it('X07 gives a time in a zone of fixed hours, and leaves one in a named zone as it is', () => {
    const nine = bytes(9, 0, 0, 0, 0, 0);
    assert.deepEqual(read(call('datetime', 'time', nine, call('datetime', 'timezone', hour))), { tag: 'time', text: '09:00:00+01:00' });
    assert.equal(
      (read(call('datetime', 'time', nine, call('zoneinfo', 'ZoneInfo._unpickle', text('Europe/Paris'), none))) as { tag: string }).tag,
      'foreign',
    );
  });

  it('X07 sorts sets, whatever is in them', () => {
    const set = read(op(0x8f, '(', text('b'), integer(2), none, text('a'), integer(-1), op('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0), 0x90));
    assert.deepEqual(set, { tag: 'set', items: [-1n, 1.5, 2n, null, 'a', 'b'] });
  });
});
