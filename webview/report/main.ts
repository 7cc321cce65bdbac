import type { ReportPanelInit, ReportPanelMethods, ReportPanelState } from '../../src/protocol/report-panel.ts';
import { element, fill, icon } from '../shared/dom.ts';
import type { Messenger } from '../shared/messenger.ts';
import { startPage } from '../shared/start-page.ts';
import '../shared/theme.css';
import { button } from '../shared/ui.ts';
import { aside } from './aside.ts';
import { existingSection } from './existing-section.ts';
import { phases } from './phases.ts';
import { remarks } from './remarks.ts';
import type { ReportPage } from './report-page.ts';
import './report.css';
import { tablesSection } from './tables-section.ts';
import { vectorsSection } from './vectors-section.ts';
import { verdictOf } from './verdict.ts';

startPage<ReportPanelMethods>(({ messenger, init, root }) => {
  messenger.state<ReportPanelState>().set({ subject: init.subject });
  const draw = (answer: ReportPanelInit): void => fill(root, page(answer, messenger, draw));
  draw(init);
});

function page(init: ReportPanelInit, messenger: Messenger<ReportPanelMethods>, redraw: (answer: ReportPanelInit) => void): HTMLElement {
  const context: ReportPage = { init, messenger };
  return element(
    'div',
    { class: 'report' },
    header(context, redraw),
    phases(init.report),
    element(
      'div',
      { class: 'report-columns' },
      element('div', { class: 'report-main' }, tablesSection(context), existingSection(context), vectorsSection(context), remarks(context)),
      aside(context),
    ),
  );
}

function header({ init, messenger }: ReportPage, redraw: (answer: ReportPanelInit) => void): HTMLElement {
  const { report } = init;
  const verdict = verdictOf(report);
  const unfinished = report.status === 'failed' || report.status === 'cancelled' || report.status === 'running';
  const save = (format: 'md' | 'html' | 'json', text: string): HTMLElement =>
    button(text, { onClick: () => void messenger.call('save', { format }), attributes: { 'aria-label': `Save as ${text}` } });
  return element(
    'header',
    { class: 'report-header' },
    icon(verdict.icon, { class: `verdict-icon ${verdict.tone}` }),
    element('div', { class: 'verdict' }, element('h1', {}, verdict.title), element('p', { class: 'secondary' }, verdict.sentence)),
    element(
      'div',
      { class: 'report-actions' },
      unfinished
        ? button('Resume', { icon: 'debug-continue', appearance: 'primary', onClick: () => void messenger.call('resume', {}) })
        : null,
      unfinished || report.status === 'rolled-back'
        ? null
        : button('Verify Again', { icon: 'refresh', onClick: () => void messenger.call('verifyAgain', {}).then(redraw) }),
      report.status === 'rolled-back'
        ? null
        : button('Roll Back…', { icon: 'discard', onClick: () => void messenger.call('rollBack', {}) }),
      element(
        'div',
        { class: 'save-as', role: 'group', 'aria-label': 'Save as' },
        element('span', { class: 'secondary' }, 'Save as'),
        save('md', 'Markdown'),
        save('html', 'HTML'),
        save('json', 'JSON'),
      ),
    ),
  );
}
