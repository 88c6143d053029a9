import { flowOn } from './flow-daemon.js';

flowOn('11.3');
