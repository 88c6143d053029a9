import { needs } from '../support/needs.js';
import { portParityOn } from './port-parity.js';

needs('daemon 11.3');

portParityOn('11.3');
