import { needs } from '../support/needs.js';
import { differential } from './differential.js';

needs('daemon 12.9');

differential('12.9');
