import { ensureOn } from './ensure-real.js';

ensureOn('11.3');
