import { needs } from '../support/needs.js';
import { defineParityOn } from './define-parity.js';

needs('daemon 11.3');

defineParityOn('11.3');
