import { ensureOn } from './ensure-real.js';

ensureOn('9.0');
