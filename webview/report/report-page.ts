import type { ReportPanelInit, ReportPanelMethods } from '../../src/protocol/report-panel.ts';
import type { Messenger } from '../shared/messenger.ts';

/** What the parts of the page share. */
export interface ReportPage {
  readonly init: ReportPanelInit;
  readonly messenger: Messenger<ReportPanelMethods>;
}
