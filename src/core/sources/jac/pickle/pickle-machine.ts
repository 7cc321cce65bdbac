import { RecordFault } from '../record-fault.ts';
import { ByteCursor } from './byte-cursor.ts';
import type { RecordLimits } from './pickle-limits.ts';
import type { PickleValue } from './pickle-value.ts';

/** Stack, marks and memo of a pickle while it is read. Throws RecordFault where a pickle takes what is not there, or too much. */
export class PickleMachine {
  readonly input: ByteCursor;
  readonly limits: RecordLimits;
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at which a mark stands. */
  readonly #marks: number[] = [];
  readonly #memo: PickleValue[] = [];
  #containers = 0;

  constructor(bytes: Uint8Array, limits: RecordLimits) {
    this.input = new ByteCursor(bytes);
    this.limits = limits;
  }

  /** Puts a new value on the stack. */
  push(value: PickleValue): void {
    if (typeof value === 'object' && value !== null && ++this.#containers > this.limits.containers)
      throw new RecordFault(`it has more than ${this.limits.containers} lists, dicts and objects`);
    this.#put(value);
  }

  #put(value: PickleValue): void {
    if (this.#stack.length === this.limits.stack) throw new RecordFault(`it puts more than ${this.limits.stack} values aside at once`);
    this.#stack.push(value);
  }

  pop(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw new RecordFault('it takes a value that is not there');
    return this.#stack.pop()!;
  }

  top(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw new RecordFault('it takes a value that is not there');
    return this.#stack.at(-1)!;
  }

  mark(): void {
    if (this.#marks.length === this.limits.stack) throw new RecordFault(`it begins more than ${this.limits.stack} groups at once`);
    this.#marks.push(this.#stack.length);
  }

  /** All values behind the last mark, which goes with them. */
  popToMark(): PickleValue[] {
    const from = this.#marks.pop();
    if (from === undefined) throw new RecordFault('it ends a group that it never began');
    return this.#stack.splice(from);
  }

  /** Keys and values in turn, behind the last mark. */
  popPairs(): (readonly [PickleValue, PickleValue])[] {
    const items = this.popToMark();
    if (items.length % 2 !== 0) throw new RecordFault('it has a key without a value');
    const pairs: [PickleValue, PickleValue][] = [];
    for (let i = 0; i < items.length; i += 2) pairs.push([items[i]!, items[i + 1]!]);
    return pairs;
  }

  /** What the last mark stands behind is taken away alone: a mark without values, or else the last value. */
  popOrUnmark(): void {
    if (this.#marks.length > 0 && this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  /** Every version of Python numbers the values that it remembers in turn. */
  remember(place: number): void {
    if (place > this.#memo.length) throw new RecordFault(`it remembers a value as number ${place}, out of turn`);
    this.#memo[place] = this.top();
  }

  rememberNext(): void {
    this.remember(this.#memo.length);
  }

  recall(place: number): void {
    const value = this.#memo[place];
    if (value === undefined) throw new RecordFault(`it refers to value ${place}, which it never had`);
    this.#put(value);
  }
}
