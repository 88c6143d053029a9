import { needs } from '../support/needs.js';
import { ensureOn } from './ensure-real.js';

needs('daemon 9.0');

ensureOn('9.0');
