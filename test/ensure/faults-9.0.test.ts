import { faultsOn } from './faults-real.js';

faultsOn('9.0');
