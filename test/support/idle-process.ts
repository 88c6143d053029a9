// A program that lists the networks, leaves its connection open or closes it, and has nothing more to do.
import { socket } from '../../src/socket/index.js';

const [, , way = '', end = ''] = process.argv;
const transport = socket({ uri: 'network:///system', ...JSON.parse(way) });
console.log((await transport.call('network.list', {})).length);
if (end === 'close') {
  await transport.close();
  console.log('closed');
}
