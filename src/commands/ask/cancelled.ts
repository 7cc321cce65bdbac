import { MigrationError } from '../../core/errors.ts';

/** What a question resolves to, or an end of the command when the user left it with Escape. */
export function answered<T>(answer: T | undefined): T {
  if (answer === undefined) throw new MigrationError('cancelled');
  return answer;
}
