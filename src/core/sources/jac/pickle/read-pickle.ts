import { RecordFault } from '../record-fault.ts';
import { operations, stop } from './opcodes.ts';
import { recordLimits, type RecordLimits } from './pickle-limits.ts';
import { PickleMachine } from './pickle-machine.ts';
import type { PickleValue } from './pickle-value.ts';

/**
 * Reads one pickle of protocol 0 to 5 into what it says, without importing, calling or building anything. Time and memory grow with its bytes alone.
 * Throws RecordFault where it is cut off, wrong, or beyond a limit.
 */
export function readPickle(bytes: Uint8Array, limits: RecordLimits = recordLimits): PickleValue {
  if (bytes.length === 0) throw new RecordFault('it is empty');
  if (bytes.length > limits.bytes) throw new RecordFault(`it has ${bytes.length} bytes, more than ${limits.bytes}`);
  const machine = new PickleMachine(bytes, limits);
  for (let done = 0; done < limits.operations; done++) {
    const at = machine.input.at;
    const code = machine.input.uint8();
    if (code === stop) return machine.pop();
    const operation = operations.get(code);
    if (operation === undefined)
      throw new RecordFault(`it has the opcode 0x${code.toString(16).padStart(2, '0')} at byte ${at}, which is not read`);
    operation(machine);
  }
  throw new RecordFault(`it has more than ${limits.operations} opcodes`);
}
