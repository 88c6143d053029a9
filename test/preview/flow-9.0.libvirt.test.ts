import { needs } from '../support/needs.js';
import { flowOn } from './flow-daemon.js';

needs('daemon 9.0');

flowOn('9.0');
