import { differential } from './differential.js';

differential('12.9');
