// A program that makes a network, leaves its connection open, and has nothing more to do.
import { IsolatedNetwork } from '../../src/index.js';
import { ovn } from '../../src/ovn/index.js';

const { networks } = ovn({ northbound: process.argv.slice(2) });
console.log((await networks.ensure(IsolatedNetwork.create('idle').subnet('172.30.0.1/24'))).changed);
