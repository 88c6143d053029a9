import { portForwardsOn } from './port-forward-daemon.js';

portForwardsOn('11.3');
