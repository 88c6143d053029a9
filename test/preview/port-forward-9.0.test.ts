import { portForwardsOn } from './port-forward-daemon.js';

portForwardsOn('9.0');
