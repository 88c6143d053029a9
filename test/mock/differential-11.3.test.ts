import { differential } from './differential.js';

differential('11.3');
