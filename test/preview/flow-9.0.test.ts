import { flowOn } from './flow-daemon.js';

flowOn('9.0');
