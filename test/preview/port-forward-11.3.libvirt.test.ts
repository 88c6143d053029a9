import { needs } from '../support/needs.js';
import { portForwardsOn } from './port-forward-daemon.js';

needs('daemon 11.3');

portForwardsOn('11.3');
