/** A program that starts one of everything the lab has, prints a line, and waits until it is killed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab, startDaemon, startHost } from './index.js';

const NETWORK = `<network><name>lab</name><bridge stp='off'/>
<ip address='10.60.0.1' prefix='24'><dhcp><range start='10.60.0.100' end='10.60.0.199'/></dhcp></ip></network>`;

await startHost();
const ovn = lab.ovn();
ovn.guest('g1', { host: 'h1', port: 'port1', mac: '52:54:00:00:00:01' });
const daemon = startDaemon('11.3');
daemon.outside();
writeFileSync(join(daemon.dir, 'lab.xml'), NETWORK);
daemon.ask('net-create', join(daemon.dir, 'lab.xml'));
daemon.guest('g1', { network: 'lab', addresses: ['10.60.0.9/24'] });
await daemon.vm('g2', { network: 'lab' });
console.log('all is there');
setInterval(() => {}, 1000);
