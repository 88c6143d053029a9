import { needs } from '../support/needs.js';
import { faultsOn } from './faults-real.js';

needs('daemon 11.3');

faultsOn('11.3');
