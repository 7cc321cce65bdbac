import type { DuplicatesPanelMethods } from '../../src/protocol/duplicates-panel.ts';
import { startPage } from '../shared/start-page.ts';
import './duplicates.css';
import { buildDuplicatesPage } from './duplicates-page.ts';

startPage<DuplicatesPanelMethods>(buildDuplicatesPage);
