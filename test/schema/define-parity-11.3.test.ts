import { defineParityOn } from './define-parity.js';

defineParityOn('11.3');
