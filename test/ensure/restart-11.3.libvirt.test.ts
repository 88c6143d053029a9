import { needs } from '../support/needs.js';
import { restartOn } from './restart-real.js';

needs('daemon 11.3');

restartOn('11.3');
