import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan } from '../plan-schema.ts';

/** Each pair of queries must say which store it asks, where there is a choice. */
export function checkParityQueries({ parity, sources }: Plan): readonly FoundProblem[] {
  const names = Object.keys(sources);
  return parity.flatMap(({ name, on }, i): FoundProblem[] => {
    if (on === undefined && names.length > 1)
      return [errorAt(`Parity query "${name}" does not say which source it asks: "on" is one of ${names.join(', ')}.`, ['parity', i])];
    if (on !== undefined && !names.includes(on)) return [errorAt(`There is no source "${on}": ${names.join(', ')}.`, ['parity', i, 'on'])];
    return [];
  });
}
