import { RecordFault } from '../record-fault.ts';
import type { PickleMachine } from './pickle-machine.ts';
import { PickleDict, PickleItems, PickleName, PickleObject, type PickleValue } from './pickle-value.ts';
import { decimalOf, floatOf, placeOf, quotedText, unicodeText } from './text-operands.ts';

type Operation = (machine: PickleMachine) => void;

/**
 * What each opcode of protocols 0 to 5 does here (pickletools of Python lists them all). Those that are not in the table are refused: persistent ids, the
 * registry of extension codes, and buffers outside of the pickle. REDUCE, NEWOBJ, OBJ, INST and BUILD only write down what they say.
 */
export const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  // Protocol and frames
  [0x80, (m) => requireProtocol(m.input.uint8())],
  [0x95, (m) => requireFrame(m)],
  // Constants and numbers
  [0x4e, (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  [0x4a, (m) => m.push(BigInt(m.input.int32()))],
  [0x4b, (m) => m.push(BigInt(m.input.uint8()))],
  [0x4d, (m) => m.push(BigInt(m.input.uint16()))],
  [0x8a, (m) => m.push(integer(m, m.input.uint8()))],
  [0x8b, (m) => m.push(integer(m, m.input.int32()))],
  [0x47, (m) => m.push(m.input.double())],
  [0x46, (m) => m.push(floatOf(m.input.line()))],
  [0x49, (m) => m.push(integerOrTruth(m, m.input.line()))],
  [0x4c, (m) => m.push(decimalOf(m.input.line().replace(/L$/, ''), m.limits))],
  // Texts and bytes
  [0x8c, (m) => m.push(m.input.text(m.input.uint8()))],
  [0x58, (m) => m.push(m.input.text(m.input.uint32()))],
  [0x8d, (m) => m.push(m.input.text(m.input.uint64()))],
  [0x56, (m) => m.push(unicodeText(m.input.line()))],
  [0x53, (m) => m.push(quotedText(m.input.line()))],
  [0x55, (m) => m.push(m.input.text(m.input.uint8()))],
  [0x54, (m) => m.push(m.input.text(m.input.uint32()))],
  [0x43, (m) => m.push(m.input.bytes(m.input.uint8()))],
  [0x42, (m) => m.push(m.input.bytes(m.input.uint32()))],
  [0x8e, (m) => m.push(m.input.bytes(m.input.uint64()))],
  [0x96, (m) => m.push(m.input.bytes(m.input.uint64()))],
  // Stack and memo
  [0x28, (m) => m.mark()],
  [0x30, (m) => m.popOrUnmark()],
  [0x31, (m) => void m.popToMark()],
  [0x32, (m) => m.push(m.top())],
  [0x94, (m) => m.rememberNext()],
  [0x70, (m) => m.remember(placeOf(m.input.line()))],
  [0x71, (m) => m.remember(m.input.uint8())],
  [0x72, (m) => m.remember(m.input.uint32())],
  [0x67, (m) => m.recall(placeOf(m.input.line()))],
  [0x68, (m) => m.recall(m.input.uint8())],
  [0x6a, (m) => m.recall(m.input.uint32())],
  // Lists, tuples, sets
  [0x5d, (m) => m.push(new PickleItems('list', []))],
  [0x6c, (m) => m.push(new PickleItems('list', m.popToMark()))],
  [0x61, (m) => append(m, [m.pop()])],
  [0x65, (m) => append(m, m.popToMark())],
  [0x29, (m) => m.push(new PickleItems('tuple', []))],
  [0x74, (m) => m.push(new PickleItems('tuple', m.popToMark()))],
  [0x85, (m) => m.push(tupleOf(m, 1))],
  [0x86, (m) => m.push(tupleOf(m, 2))],
  [0x87, (m) => m.push(tupleOf(m, 3))],
  [0x8f, (m) => m.push(new PickleItems('set', []))],
  [0x90, (m) => addItems(m, m.popToMark())],
  [0x91, (m) => m.push(new PickleItems('frozenset', m.popToMark()))],
  // Dicts
  [0x7d, (m) => m.push(new PickleDict())],
  [0x64, (m) => m.push(dictOf(m.popPairs()))],
  [0x73, (m) => setItem(m)],
  [0x75, (m) => setItems(m, m.popPairs())],
  // Names, and what would be made by them
  [0x63, (m) => m.push(new PickleName(m.input.line(), m.input.line()))],
  [0x93, (m) => stackGlobal(m)],
  [0x52, (m) => reduce(m)],
  [0x81, (m) => makeNew(m, m.pop())],
  [0x92, (m) => makeNewWithKeywords(m)],
  [0x69, (m) => instance(m, new PickleName(m.input.line(), m.input.line()), m.popToMark())],
  [0x6f, (m) => makeFromGroup(m)],
  [0x62, (m) => build(m)],
]);

export const stop = 0x2e;

function requireProtocol(version: number): void {
  if (version > 5) throw new RecordFault(`it is a pickle of protocol ${version}, and only 0 to 5 are known`);
}

function requireFrame(machine: PickleMachine): void {
  if (machine.input.uint64() > machine.input.left) throw new RecordFault('it says that it is longer than it is');
}

function integer(machine: PickleMachine, length: number): bigint {
  const { integerBytes } = machine.limits;
  if (length < 0 || length > integerBytes) throw new RecordFault(`it has an integer of more than ${integerBytes} bytes`);
  return machine.input.integer(length);
}

/** Protocol 0 and 1 write truth as these two integers. */
function integerOrTruth(machine: PickleMachine, text: string): bigint | boolean {
  if (text === '00') return false;
  return text === '01' ? true : decimalOf(text, machine.limits);
}

function append(machine: PickleMachine, items: PickleValue[]): void {
  const onto = machine.top();
  if (!(onto instanceof PickleObject) && !(onto instanceof PickleItems && onto.tag === 'list'))
    throw new RecordFault('it appends to something that is no list');
  onto.append(items);
}

function addItems(machine: PickleMachine, items: PickleValue[]): void {
  const onto = machine.top();
  if (!(onto instanceof PickleObject) && !(onto instanceof PickleItems && onto.tag === 'set'))
    throw new RecordFault('it adds to something that is no set');
  onto.append(items);
}

function tupleOf(machine: PickleMachine, length: number): PickleItems {
  const items: PickleValue[] = [];
  for (let i = 0; i < length; i++) items.push(machine.pop());
  return new PickleItems('tuple', items.reverse());
}

function dictOf(pairs: Iterable<readonly [PickleValue, PickleValue]>): PickleDict {
  const dict = new PickleDict();
  for (const [key, value] of pairs) dict.set(key, value);
  return dict;
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  const key = machine.pop();
  setItems(machine, [[key, value]]);
}

function setItems(machine: PickleMachine, pairs: Iterable<readonly [PickleValue, PickleValue]>): void {
  const onto = machine.top();
  const dict = onto instanceof PickleObject ? onto.entries : onto;
  if (!(dict instanceof PickleDict)) throw new RecordFault('it sets a key of something that is no dict');
  for (const [key, value] of pairs) dict.set(key, value);
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string') throw new RecordFault('it names a class by something that is no text');
  machine.push(new PickleName(module, name));
}

function reduce(machine: PickleMachine): void {
  const args = machine.pop();
  machine.push(new PickleObject('reduce', machine.pop(), args));
}

function makeNew(machine: PickleMachine, args: PickleValue): void {
  machine.push(new PickleObject('new', machine.pop(), args));
}

function makeNewWithKeywords(machine: PickleMachine): void {
  const keywords = machine.pop();
  const args = machine.pop();
  // Keywords are one argument more: which is which only its class would know.
  const none = keywords instanceof PickleDict && keywords.size === 0;
  makeNew(machine, none ? args : new PickleItems('tuple', [args, keywords]));
}

function makeFromGroup(machine: PickleMachine): void {
  const [maker, ...args] = machine.popToMark();
  if (maker === undefined) throw new RecordFault('it makes an object of no class');
  instance(machine, maker, args);
}

/** An instance of protocols 0 and 1. */
function instance(machine: PickleMachine, maker: PickleValue, args: PickleValue[]): void {
  machine.push(new PickleObject('new', maker, new PickleItems('tuple', args)));
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  const object = machine.top();
  if (!(object instanceof PickleObject)) throw new RecordFault('it gives a state to something that is no object');
  if (object.state !== undefined) throw new RecordFault('it gives a state to an object twice');
  object.state = state;
}
