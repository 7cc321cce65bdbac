import type { RunReport } from '../../src/core/index.ts';
import { count, plural } from '../shared/quantities.ts';

/** The headline of a report: what a hurried reader takes away. */
export interface Verdict {
  readonly tone: 'proof' | 'warning' | 'failure' | 'neutral';
  readonly icon: string;
  readonly title: string;
  readonly sentence: string;
}

/** Green only for a proof: everything arrived and every cell was compared. */
export function verdictOf(report: RunReport): Verdict {
  const { status, verification, rejects } = report;
  const loaded = report.tables.reduce((sum, table) => sum + table.rowsWritten, 0);
  const stay = loaded === 1 ? 'is committed and stays' : 'are committed and stay';
  const carried = `${plural(loaded, 'row')} in ${plural(report.tables.length, 'table')}`;
  if (status === 'rolled-back')
    return {
      tone: 'neutral',
      icon: 'discard',
      title: 'Rolled back',
      sentence: `What the run had created is gone. It had written ${carried}.`,
    };
  if (status === 'running') return { tone: 'neutral', icon: 'sync', title: 'Not finished', sentence: `${carried} so far.` };
  if (status === 'cancelled')
    return {
      tone: 'warning',
      icon: 'circle-slash',
      title: 'Cancelled',
      sentence: `${carried} ${stay}. Resume Run goes on where it stopped.`,
    };
  if (status === 'failed')
    return {
      tone: 'failure',
      icon: 'error',
      title: 'Failed',
      sentence: `${carried} ${stay}. ${report.error?.message ?? ''}`,
    };
  if (verification.status === 'mismatch') return mismatch(report);
  if (rejects.total > 0) {
    return {
      tone: 'warning',
      icon: 'warning',
      title: `${plural(rejects.total, 'row')} rejected`,
      sentence: `${carried} arrived${verification.status === 'match' ? ', every cell of them compared' : ''}. The rejected rows are listed below.`,
    };
  }
  if (verification.status === 'skipped')
    return {
      tone: 'warning',
      icon: 'question',
      title: 'Not verified',
      sentence: `${carried} arrived. Nobody has compared them with the source.`,
    };
  const inPart = verification.tables.some(({ scope }) => scope === 'rows-read');
  if (inPart)
    return {
      tone: 'proof',
      icon: 'pass',
      title: 'Every cell that was read arrived',
      sentence: `${carried}, compared in both directions with what the run read. Rows below its watermarks were not compared; Verify Again compares all.`,
    };
  return {
    tone: 'proof',
    icon: 'pass',
    title: 'Every cell arrived',
    sentence: `${plural(loaded, 'row')} and ${count(cells(report))} cells in ${plural(report.tables.length, 'table')}, compared in both directions. None missing, none extra, none different.`,
  };
}

function mismatch({ verification }: RunReport): Verdict {
  const sum = (field: 'missing' | 'extra' | 'different'): number => verification.tables.reduce((total, table) => total + table[field], 0);
  const wrong = verification.tables.flatMap((table) => Object.values(table.differentByColumn)).reduce((total, one) => total + one, 0);
  const rows = [
    [sum('missing'), 'missing'],
    [sum('extra'), 'extra'],
    [sum('different'), 'different'],
  ] as const;
  const found = rows.filter(([number]) => number > 0).map(([number, what]) => `${plural(number, 'row')} ${what}`);
  const title = wrong > 0 ? `${plural(wrong, 'cell')} ${wrong === 1 ? 'differs' : 'differ'}` : 'The target differs from the source';
  return {
    tone: 'failure',
    icon: 'error',
    title,
    sentence: found.length > 0 ? `${found.join(', ')}.` : 'Rows are the same; a count, an aggregate or a constraint is not.',
  };
}

/** Cells that came from a source. */
function cells(report: RunReport): number {
  return report.tables.reduce((sum, outcome) => {
    const planned = report.plan.tables.find(
      (table) =>
        `${typeof table.to === 'string' ? `${report.target.schema}.${table.to}` : `${table.to.schema}.${table.to.table}`}` === outcome.to,
    );
    return sum + outcome.rowsWritten * (planned?.columns.filter((column) => column.from !== null).length ?? 0);
  }, 0);
}
