import { needs } from '../support/needs.js';
import { portParityOn } from './port-parity.js';

needs('daemon 12.9');

portParityOn('12.9');
