import { tryParsePgType } from '../../sql/pg-type.ts';
import { errorAt, type FoundProblem } from '../plan-problem.ts';
import type { Plan } from '../plan-schema.ts';
import { plannedTables, type PlannedTable } from '../planned-table.ts';

/** `embed` of a table: its columns are there, and `sluice embed` can fill them. */
export function checkEmbeddings(plan: Plan): readonly FoundProblem[] {
  return plannedTables(plan, plan.target.schema).flatMap(checkTable);
}

function checkTable({ load, body, label, path: table }: PlannedTable): readonly FoundProblem[] {
  const embed = load?.embed ?? null;
  if (embed === null) return [];
  const path = [...table, 'embed'];
  const typeOf = (name: string): string | null => body.columns.find(({ to }) => to === name)?.type ?? null;
  const problems = embed.from.flatMap((name, i) =>
    typeOf(name) === null ? [errorAt(`${label} has no column "${name}".`, [...path, 'from', i])] : [],
  );
  const written = typeOf(embed.to);
  if (written === null) return [...problems, errorAt(`${label} has no column "${embed.to}".`, [...path, 'to'])];
  const type = tryParsePgType(written);
  if (type === null || (type.name !== 'vector' && type.name !== 'halfvec'))
    problems.push(errorAt(`"${embed.to}" is of type ${written}; embeddings go into a vector or halfvec.`, [...path, 'to']));
  else if (type.modifiers[0] !== undefined && Number(type.modifiers[0]) !== embed.dimensions)
    problems.push(errorAt(`"${embed.to}" is ${written}, and the embeddings have ${embed.dimensions} dimensions.`, [...path, 'dimensions']));
  if (body.primaryKey.length === 0)
    problems.push(errorAt(`${label} has no primary key, by which rows without an embedding are told apart.`, path));
  return problems;
}
