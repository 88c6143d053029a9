import { differential } from './differential.js';

differential('9.0');
