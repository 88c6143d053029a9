import { needs } from '../support/needs.js';
import { flowOn } from './flow-daemon.js';

needs('daemon 11.3');

flowOn('11.3');
