import type { VectorMapPanelMethods } from '../../src/protocol/vector-map-panel.ts';
import { startPage } from '../shared/start-page.ts';
import './vector-map.css';
import { buildVectorMapPage } from './vector-map-page.ts';

startPage<VectorMapPanelMethods>(buildVectorMapPage);
