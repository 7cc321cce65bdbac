import type { RowDiffPanelMethods } from '../../src/protocol/row-diff-panel.ts';
import { startPage } from '../shared/start-page.ts';
import '../shared/theme.css';
import '../shared/grid/grid.css';
import './row-diff.css';
import { RowDiffPage } from './row-diff-page.ts';

startPage<RowDiffPanelMethods>((context) => void new RowDiffPage(context).compare());
