import assert from 'node:assert/strict';
import type { PythonValue } from '../../../../../../src/core/sources/jac/anchor.ts';
import { recordLimits, type RecordLimits } from '../../../../../../src/core/sources/jac/pickle/pickle-limits.ts';
import { PythonValueReader } from '../../../../../../src/core/sources/jac/pickle/python-value-reader.ts';
import { readPickle } from '../../../../../../src/core/sources/jac/pickle/read-pickle.ts';
import { RecordFault } from '../../../../../../src/core/sources/jac/record-fault.ts';
import { call, dict, global, instance, integer, list, none, op, pickle, text, tuple } from '../../../../../helpers/pickle-writer.ts';

function read(value: Uint8Array, limits: Partial<RecordLimits> = {}): PythonValue {
  const all = { ...recordLimits, ...limits };
  return new PythonValueReader(undefined, all).read(readPickle(pickle(value), all));
}

function refuses(bytes: Uint8Array, message: RegExp, limits: Partial<RecordLimits> = {}): void {
  const all = { ...recordLimits, ...limits };
  assert.throws(
    () => new PythonValueReader(undefined, all).read(readPickle(bytes, all)),
    (error) => error instanceof RecordFault && message.test(error.message),
  );
}

describe('readPickle', () => {
  const wrong: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['nothing', op(), /is empty/],
    ['no end', op(0x80, 4, 'N'), /ends at byte 3/],
    ['a protocol of the future', op(0x80, 6, 'N.'), /protocol 6/],
    ['an opcode that nothing has', pickle(op(0xff)), /opcode 0xff at byte 2/],
    ['a persistent id', pickle(op('Pid\n')), /opcode 0x50/],
    ['a persistent id from the stack', pickle(op('NQ')), /opcode 0x51/],
    ['an extension code', pickle(op(0x82, 1)), /opcode 0x82/],
    ['a buffer outside of it', pickle(op(0x97)), /opcode 0x97/],
    ['a text of 4 GiB', pickle(op('X', 0xff, 0xff, 0xff, 0xff)), /in the middle of a value/],
    ['bytes of 2^63', pickle(op(0x8e, 0, 0, 0, 0, 0, 0, 0, 0x80)), /in the middle of a value/],
    ['an integer of a negative length', pickle(op(0x8b, 0xff, 0xff, 0xff, 0xff)), /integer of more than/],
    ['an integer of digits without end', pickle(op('L', '9'.repeat(50_000), 'L\n')), /integer of more than/],
    ['an integer that is none', pickle(op('Iabc\n')), /integer that is none/],
    ['a float that is none', pickle(op('Fconstructor\n')), /float that is none/],
    ['a text without quotes', pickle(op('Sabc\n')), /without quotes/],
    ['a text that is not UTF-8', pickle(op('U', 1, 0xff)), /not UTF-8/],
    ['a frame longer than all', op(0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0, 'N.'), /longer than it is/],
    ['a value from an empty stack', pickle(op('0')), /not there/],
    ['a value from under a mark', pickle(op('N(a')), /not there/],
    ['a group without a beginning', pickle(op('t')), /never began/],
    ['a key without a value', pickle(op('}(Nu')), /key without a value/],
    ['a memo that is empty', pickle(op('h', 7)), /value 7, which it never had/],
    ['a memo out of turn', pickle(op('Nq', 7)), /number 7, out of turn/],
    ['a name that is a number', pickle(op('NN', 0x93)), /names a class/],
    ['a list that is none', pickle(op('NNa')), /no list/],
    ['a set that is none', pickle(op('N(N', 0x90)), /no set/],
    ['a dict that is none', pickle(op('NNNs')), /no dict/],
    ['a state of something that is no object', pickle(op('NNb')), /no object/],
    ['a state twice', pickle(op(instance('m', 'C', none), 'Nb')), /twice/],
    ['an object of no class', pickle(op('(o')), /no class/],
  ];
  for (const [name, bytes, message] of wrong) it(`refuses ${name}`, () => refuses(bytes, message));

  it('keeps limits of bytes, opcodes, stack, containers, depth, values and characters', () => {
    refuses(pickle(text('abcdef')), /bytes, more than 10/, { bytes: 10 });
    refuses(pickle(list(none, none, none)), /more than 5 opcodes/, { operations: 5 });
    refuses(pickle(tuple(none, none, none)), /more than 2 values aside/, { stack: 2 });
    refuses(pickle(op('(((')), /more than 2 groups/, { stack: 2 });
    refuses(pickle(list(list(), list(), list())), /more than 3 lists/, { containers: 3 });
    refuses(pickle(list(list(list()))), /deeper than 2 levels/, { depth: 2 });
    refuses(pickle(list(none, none)), /more than 2 values/, { values: 2 });
    refuses(pickle(list(text('abc'), text('def'))), /more than 5 characters/, { characters: 5 });
    assert.deepEqual(read(list(none, none), { values: 3, depth: 1, containers: 1 }), { tag: 'list', items: [null, null] });
  });

  it('reads a thousand levels, and no more', () => {
    const nested = (levels: number): Uint8Array => op(']'.repeat(levels), 'a'.repeat(levels - 1));
    let depth = 0;
    for (let value: PythonValue | undefined = read(nested(1_000)); value !== undefined; depth++)
      value = (value as unknown as { readonly items: PythonValue[] }).items[0];
    assert.equal(depth, 1_000);
    refuses(pickle(nested(1_001)), /deeper than 1000/);
    const state = (levels: number): Uint8Array => (levels === 0 ? none : instance('m', 'C', dict({ a: state(levels - 1) })));
    assert.equal((read(state(499)) as { readonly tag: string }).tag, 'object');
  });

  it('does not write out what doubles with each level', () => {
    // Level n is a list of level n-1 twice: 2^60 values in 500 bytes.
    const levels = Array.from({ length: 60 }, (_, i) => op(']q', i + 1, '(h', i, 'h', i, 'e'));
    refuses(pickle(op('Nq', 0, ...levels)), /more than 2000000 values when written out/);
  });

  it('does not go round and round in what contains itself many times', () => {
    // Forty lists, each of which contains every other one and itself.
    const places = Array.from({ length: 40 }, (_, i) => i);
    const made = places.map((i) => op(']q', i));
    const filled = places.map((i) => op('h', i, '(', ...places.map((j) => op('h', j)), 'e0'));
    refuses(pickle(op(...made, ...filled)), /more than 20000 values when written out/, { values: 20_000 });
  });

  it('X07 tells for each place how far up a container is that contains itself', () => {
    // a = [b, [b]] with b = [a]
    const value = read(op(']q', 0, ']q', 1, 'h', 0, 'aah', 0, '0', list(op('h', 1)), 'a'));
    const up = (levels: bigint): PythonValue => ({ tag: 'foreign', module: '', name: 'cycle', args: [levels], state: null });
    const items: PythonValue[] = [
      { tag: 'list', items: [up(2n)] },
      { tag: 'list', items: [{ tag: 'list', items: [up(3n)] }] },
    ];
    assert.deepEqual(value, { tag: 'list', items });
  });

  it('reads what is shared once and gives it twice', () => {
    const value = read(op(list(list(integer(1))), '0', ']q', 0, '0', list(op('h', 0), op('h', 0)))) as unknown as {
      readonly items: readonly unknown[];
    };
    assert.equal(value.items[0], value.items[1]);
  });

  it('counts the depth of what is shared where it is met', () => {
    const shared = op(list(list()), 'q', 0, '0');
    assert.deepEqual(read(op(shared, list(op('h', 0))), { depth: 3 }), {
      tag: 'list',
      items: [{ tag: 'list', items: [{ tag: 'list', items: [] }] }],
    });
    refuses(pickle(op(shared, list(op('h', 0), list(list(op('h', 0)))))), /deeper than 4/, { depth: 4 });
  });

  it('X02 calls nothing: what would be called is told', () => {
    const args = [{ tag: 'foreign', module: 'builtins', name: 'eval', args: ['1+1'], state: null }];
    assert.deepEqual(read(call('os', 'system', call('builtins', 'eval', text('1+1')))), {
      tag: 'foreign',
      module: 'os',
      name: 'system',
      args,
      state: null,
    });
    assert.deepEqual(read(op(call('m', 'f'), tuple(integer(1)), 'R')), {
      tag: 'foreign',
      module: '',
      name: '',
      args: [
        { tag: 'foreign', module: 'm', name: 'f', args: [], state: null },
        { tag: 'tuple', items: [1n] },
      ],
      state: null,
    });
  });

  it('X02 keeps names of JavaScript as any other', () => {
    const value = read(dict({ __proto__: none, toString: none }));
    assert.deepEqual(value, { tag: 'dict', entries: [['toString', null]] });
    const polluted = read(op('}(', text('__proto__'), dict({ polluted: integer(1) }), 'u'));
    assert.deepEqual(polluted, { tag: 'dict', entries: [['__proto__', { tag: 'dict', entries: [['polluted', 1n]] }]] });
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    assert.deepEqual(read(instance('constructor', '__proto__')), {
      tag: 'object',
      module: 'constructor',
      className: '__proto__',
      fields: new Map(),
    });
    assert.deepEqual(read(global('constructor', 'valueOf')), {
      tag: 'foreign',
      module: 'constructor',
      name: 'valueOf',
      args: [],
      state: null,
    });
  });

  it('of equal keys takes the last value, and 1, 1.0 and True are equal', () => {
    const value = read(op('}(', integer(1), text('a'), op('G', 0x3f, 0xf0, 0, 0, 0, 0, 0, 0), text('b'), 0x88, text('c'), 'u'));
    assert.deepEqual(value, { tag: 'dict', entries: [[1n, 'c']] });
    const nan = op('G', 0x7f, 0xf8, 0, 0, 0, 0, 0, 0);
    assert.deepEqual(read(op('}(', nan, text('a'), nan, text('b'), 'u')), {
      tag: 'dict',
      entries: [
        [NaN, 'a'],
        [NaN, 'b'],
      ],
    });
  });

  it('reads opcodes that Python writes seldom', () => {
    assert.deepEqual(read(op('N2', 0x86)), { tag: 'tuple', items: [null, null] });
    assert.deepEqual(read(op('N(NN1')), null);
    assert.deepEqual(read(op('N(0')), null);
    assert.deepEqual(read(op('(ic\nC\n')), { tag: 'object', module: 'c', className: 'C', fields: new Map() });
    assert.deepEqual(read(op('(', global('c', 'C'), integer(1), 'o')), { tag: 'foreign', module: 'c', name: 'C', args: [1n], state: null });
    assert.deepEqual(read(op(global('c', 'C'), ')}', 0x92)), { tag: 'object', module: 'c', className: 'C', fields: new Map() });
    assert.deepEqual(read(op(global('c', 'C'), ')', dict({ a: none }), 0x92)), {
      tag: 'foreign',
      module: 'c',
      name: 'C',
      args: [
        { tag: 'tuple', items: [] },
        { tag: 'dict', entries: [['a', null]] },
      ],
      state: null,
    });
    assert.deepEqual(read(op("S'a\\x41\\n'\n")), 'aA\n');
    assert.deepEqual(read(op(0x8d, 1, 0, 0, 0, 0, 0, 0, 0, 'a')), 'a');
    assert.deepEqual(read(op(0x8b, 2, 0, 0, 0, 0, 0x80)), -32_768n);
  });
});
