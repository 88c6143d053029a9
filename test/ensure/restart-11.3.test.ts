import { restartOn } from './restart-real.js';

restartOn('11.3');
