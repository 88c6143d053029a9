import { needs } from '../support/needs.js';
import { portParityOn } from './port-parity.js';

needs('daemon 9.0');

portParityOn('9.0');
