import { needs } from '../support/needs.js';
import { faultsOn } from './faults-real.js';

needs('daemon 9.0');

faultsOn('9.0');
