import { findNodeAtLocation } from 'jsonc-parser';
import { editPlan } from '../../core/plan/edit/edit-plan.ts';
import { setValues, type TextEdit, type ValueChange } from '../../core/plan/edit/set-values.ts';
import { widerTypes } from '../../core/plan/type-choices.ts';
import { needsAcceptance } from '../../core/plan/unaccepted-losses.ts';
import { closestName } from './closest-name.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { PlanFinding } from './plan-findings.ts';
import { columnOf, namesAt } from './plan-names.ts';
import { outlinePlan, tableOfPath, type OutlineColumn, type PlanOutline } from './plan-outline.ts';
import { keysAt, wordsAt } from './schema-words.ts';
import { vectorIndexFixes } from './vector-index-fixes.ts';

/** A way out of a finding; the edits keep comments and are one undo step. */
export interface PlanFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one that is right most of the time. */
  readonly preferred: boolean;
}

/** Ways out of one finding, best first; empty when only a person can tell. */
export function fixesOf(text: string, finding: PlanFinding, facts: PlanFacts): readonly PlanFix[] {
  const outline = outlinePlan(text);
  const setting: Setting = { text, outline, finding, path: finding.path, facts };
  return rules.flatMap((rule) => rule(setting)).filter(({ edits }) => edits.length > 0);
}

interface Setting {
  readonly text: string;
  readonly outline: PlanOutline;
  readonly finding: PlanFinding;
  readonly path: PlanFinding['path'];
  readonly facts: PlanFacts;
}

type Rule = (setting: Setting) => readonly PlanFix[];

const rules: readonly Rule[] = [
  misspelled,
  widen,
  acceptLoss,
  keepApart,
  reformIndex,
  storeNumbers,
  notNull,
  identityForSerial,
  nameOpclass,
];

/** "Did you mean …": a key, a name or a word that is close to one that may stand there. */
function misspelled(setting: Setting): readonly PlanFix[] {
  const { outline, path, text, facts, finding } = setting;
  const node = outline.root === undefined ? undefined : findNodeAtLocation(outline.root, [...path]);
  const key = path.at(-1);
  if (node === undefined || finding.severity === 'information') return [];
  const isKeyItself = typeof key === 'string' && node.parent?.children?.[0]?.offset === finding.start;
  if (isKeyItself && !keysAt(path.slice(0, -1)).includes(key)) {
    const meant = closestName(key, keysAt(path.slice(0, -1)));
    return meant === null ? [] : [fix(`Change "${key}" to "${meant}"`, [replacement(finding, meant)], true)];
  }
  if (node.type !== 'string') return [];
  const value = String(node.value);
  const candidates = [...(namesAt(outline, path, facts)?.map(({ name }) => name) ?? []), ...wordsAt(path)];
  const meant = candidates.includes(value) ? null : closestName(value, candidates);
  return meant === null ? [] : [fix(`Change "${value}" to "${meant}"`, setValues(text, [{ path, value: meant }]), true)];
}

function widen(setting: Setting): readonly PlanFix[] {
  const column = lossyColumn(setting);
  if (column === null) return [];
  const [, table, , index] = setting.path as [string, number, string, number];
  return widerTypes(column).map((type, i) =>
    fix(`Change the type to ${type}`, editPlan(setting.text, { kind: 'column-type', table, column: index, type }), i === 0),
  );
}

function acceptLoss(setting: Setting): readonly PlanFix[] {
  const column = lossyColumn(setting);
  if (column === null || !needsAcceptance(column)) return [];
  const [, table, , index] = setting.path as [string, number, string, number];
  return [fix(`Accept that ${column.to} is ${column.loss}`, editPlan(setting.text, { kind: 'accept-loss', table, column: index }), false)];
}

/** The column of a finding about losses or rejects. */
function lossyColumn({ outline, path }: Setting): OutlineColumn | null {
  const key = path.at(-1);
  if (path[0] !== 'tables' || path.length !== 5 || (key !== 'loss' && key !== 'type')) return null;
  const column = columnOf(tableOfPath(outline, path), path);
  return column !== null && (column.expectedRejects > 0 || needsAcceptance(column)) ? column : null;
}

function keepApart(setting: Setting): readonly PlanFix[] {
  const column = lossyColumn(setting);
  if (column === null || column.expectedRejects === 0 || setting.outline.onReject !== 'stop') return [];
  const edits = setValues(setting.text, [onReject(setting.outline)]);
  return [fix('Keep rejected rows apart ("onReject": "quarantine")', edits, false)];
}

function onReject({ root }: PlanOutline): ValueChange {
  const options = root === undefined ? undefined : findNodeAtLocation(root, ['options']);
  return options === undefined
    ? { path: ['options'], value: { onReject: 'quarantine' }, after: 'target' }
    : { path: ['options', 'onReject'], value: 'quarantine' };
}

/** An index of more dimensions than pgvector takes: in another form, or not at all. */
function reformIndex({ text, outline, path, finding }: Setting): readonly PlanFix[] {
  const at = path.indexOf('indexes');
  if (at !== 2 || finding.severity !== 'error' || !finding.message.startsWith('pgvector indexes')) return [];
  const ofIndex = path.slice(0, at + 2);
  const index = outline.root === undefined ? undefined : findNodeAtLocation(outline.root, [...ofIndex]);
  const isOnly = index?.parent?.children?.length === 1;
  const forms = vectorIndexFixes(text, outline, ofIndex).map(({ title, edits }, i) => fix(title, edits, i === 0));
  const drop = setValues(text, [{ path: isOnly ? path.slice(0, at + 1) : ofIndex, value: undefined }]);
  return [...forms, fix('Leave the index out', drop, forms.length === 0)];
}

/** A vector of more dimensions than pgvector stores. */
function storeNumbers({ text, path, finding }: Setting): readonly PlanFix[] {
  if (!finding.message.includes('pgvector stores no more. Type real[]')) return [];
  return [fix('Change the type to real[]', setValues(text, [{ path, value: 'real[]' }]), false)];
}

function notNull({ text, path, finding }: Setting): readonly PlanFix[] {
  if (!finding.message.endsWith('say "nullable": false.')) return [];
  return [fix('Set "nullable": false', setValues(text, [{ path: [...path, 'nullable'], value: false, after: 'type' }]), true)];
}

function identityForSerial({ text, path, finding }: Setting): readonly PlanFix[] {
  if (!finding.message.startsWith('Use bigint with "identity": true')) return [];
  const changes: readonly ValueChange[] = [
    { path, value: 'bigint' },
    { path: [...path.slice(0, -1), 'identity'], value: true, after: 'type' },
  ];
  return [fix('Use bigint with "identity": true', setValues(text, changes), true)];
}

function nameOpclass({ text, outline, path, finding, facts }: Setting): readonly PlanFix[] {
  const missing = finding.message.includes('index needs an "opclass"');
  const wrong = /^pgvector's \w+ index of \w+ does not take /.test(finding.message);
  if (!missing && !wrong) return [];
  const at = missing ? [...path, 'opclass'] : path;
  return (namesAt(outline, at, facts) ?? []).map(({ name, detail }, i) =>
    fix(`Use ${name} (${detail})`, setValues(text, [{ path: at, value: name, after: 'method' }]), i === 0),
  );
}

function replacement(finding: PlanFinding, value: string): TextEdit {
  return { offset: finding.start, length: finding.end - finding.start, content: JSON.stringify(value) };
}

function fix(title: string, edits: readonly TextEdit[], preferred: boolean): PlanFix {
  return { title, edits, preferred };
}
