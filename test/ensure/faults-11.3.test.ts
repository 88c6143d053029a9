import { faultsOn } from './faults-real.js';

faultsOn('11.3');
