import type { TargetDiagnosis } from '../../core/index.ts';
import { formatCount } from '../../core/report/format-quantity.ts';
import { renderChecks } from '../../core/report/render-checks.ts';
import type { Diagnosis } from './diagnose.ts';

export function renderDiagnosis(diagnosis: Diagnosis): string {
  const facts: [string, string][] = [
    ['sluice', diagnosis.sluice],
    ['node', diagnosis.node],
    ['platform', diagnosis.platform],
    ...diagnosis.natives.map((part): [string, string] => [
      part.name,
      part.problem === null ? (part.version ?? '?') : `DOES NOT LOAD: ${part.problem}`,
    ]),
    ...targetFacts(diagnosis),
  ];
  const width = Math.max(...facts.map(([title]) => title.length));
  const lines = facts.map(([title, text]) => `${title.padEnd(width)}  ${text}\n`).join('');
  return diagnosis.checks.length === 0 ? lines : `${lines}\n${renderChecks(diagnosis.checks)}`;
}

function targetFacts({ target, checks, error }: Diagnosis): [string, string][] {
  if (target === null) return [['target', 'no embedded PostgreSQL yet; the first run makes one']];
  if (!('capabilities' in target) && checks.length > 0) return [['target', target.name]];
  if (error !== undefined && checks.length === 0)
    return [
      ['target', target.name],
      ['problem', error.message],
      ['remedy', error.remedy],
    ];
  return 'capabilities' in target ? reached(target) : [];
}

function reached(target: TargetDiagnosis): [string, string][] {
  const { capabilities } = target;
  return [
    ['target', `${target.name} (${target.label})${target.unmade ? ', made by the first run' : ''}`],
    ['server', target.serverVersionText],
    ['pgvector', vector(capabilities)],
    ['may create a schema', capabilities.canCreateSchema ? 'yes' : 'NO'],
    ['connections to load', formatCount(capabilities.parallelConnections)],
    ['runs', formatCount(target.runs)],
  ];
}

function vector(capabilities: TargetDiagnosis['capabilities']): string {
  if (capabilities.vectorVersion === null) return 'NOT AVAILABLE on this server';
  return capabilities.vectorInstalled
    ? `${capabilities.vectorVersion}, in schema ${capabilities.vectorSchema ?? '?'}`
    : `${capabilities.vectorVersion}, not created in this database yet`;
}
