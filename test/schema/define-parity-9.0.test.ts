import { defineParityOn } from './define-parity.js';

defineParityOn('9.0');
