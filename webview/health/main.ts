import type { HealthPanelMethods } from '../../src/protocol/health-panel.ts';
import { startPage } from '../shared/start-page.ts';
import './health.css';
import { buildHealthPage } from './health-page.ts';

startPage<HealthPanelMethods>(buildHealthPage);
