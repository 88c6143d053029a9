import { needs } from '../support/needs.js';
import { portForwardsOn } from './port-forward-daemon.js';

needs('daemon 9.0');

portForwardsOn('9.0');
