import { portParityOn } from './port-parity.js';

portParityOn('11.3');
