import type { RowsPanelMethods } from '../../src/protocol/rows-panel.ts';
import { startPage } from '../shared/start-page.ts';
import './rows.css';
import { RowsPage } from './rows-page.ts';

startPage<RowsPanelMethods>((context) => void new RowsPage(context).start());
