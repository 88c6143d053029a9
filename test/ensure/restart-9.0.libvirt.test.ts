import { needs } from '../support/needs.js';
import { restartOn } from './restart-real.js';

needs('daemon 9.0');

restartOn('9.0');
