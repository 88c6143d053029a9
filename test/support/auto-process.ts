// A program of its own that makes one network with a free subnet, on request.
import { connect, NatNetwork } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';

const [uri = '', path = '', name = ''] = process.argv.slice(2);
await using host = connect(virsh({ uri, path }));
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const { network } = await host.networks.auto(NatNetwork, name, { running: true, ipv6: 'fd00:77::/48', owner: 'many' });
process.stdout.write(`${network.uuid}\n`);
process.stdin.unref();
