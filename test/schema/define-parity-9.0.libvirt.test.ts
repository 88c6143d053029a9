import { needs } from '../support/needs.js';
import { defineParityOn } from './define-parity.js';

needs('daemon 9.0');

defineParityOn('9.0');
