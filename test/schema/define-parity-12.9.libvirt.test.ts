import { needs } from '../support/needs.js';
import { defineParityOn } from './define-parity.js';

needs('daemon 12.9');

defineParityOn('12.9');
