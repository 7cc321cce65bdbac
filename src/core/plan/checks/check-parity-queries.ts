import type { FoundProblem } from '../plan-problem.ts';
import type { Plan } from '../plan-schema.ts';

/** Each pair of queries must say which store it asks, where there is a choice. */
export function checkParityQueries({ parity, sources }: Plan): readonly FoundProblem[] {
  const names = Object.keys(sources);
  return parity.flatMap(({ name, on }, i): FoundProblem[] => {
    if (on === undefined && names.length > 1)
      return [error(['parity', i], `Parity query "${name}" does not say which source it asks: "on" is one of ${names.join(', ')}.`)];
    if (on !== undefined && !names.includes(on)) return [error(['parity', i, 'on'], `There is no source "${on}": ${names.join(', ')}.`)];
    return [];
  });
}

function error(path: FoundProblem['path'], message: string): FoundProblem {
  return { severity: 'error', path, message };
}
