import { defineParityOn } from './define-parity.js';

defineParityOn('12.9');
