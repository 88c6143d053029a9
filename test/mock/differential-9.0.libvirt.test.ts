import { needs } from '../support/needs.js';
import { differential } from './differential.js';

needs('daemon 9.0');

differential('9.0');
