import { portParityOn } from './port-parity.js';

portParityOn('9.0');
