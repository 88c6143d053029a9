import { needs } from '../support/needs.js';
import { differential } from './differential.js';

needs('daemon 11.3');

differential('11.3');
