export { writeHostInterface } from './companions/interface.js';
export { writeNetworkPort } from './companions/networkport.js';
export { readHostInterface, readNetworkPort } from './companions/read.js';
