import { portParityOn } from './port-parity.js';

portParityOn('12.9');
