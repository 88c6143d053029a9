import { needs } from '../support/needs.js';
import { ensureOn } from './ensure-real.js';

needs('daemon 11.3');

ensureOn('11.3');
