import type { NeighboursPanelMethods } from '../../src/protocol/neighbours-panel.ts';
import { startPage } from '../shared/start-page.ts';
import './neighbours.css';
import { buildNeighboursPage } from './neighbours-page.ts';

startPage<NeighboursPanelMethods>(buildNeighboursPage);
