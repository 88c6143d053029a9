import { restartOn } from './restart-real.js';

restartOn('9.0');
