// #region build
import { NwFilter } from 'libvirt-network';

const web = NwFilter.create('web')
  .noSpoofing({ ip: '192.168.50.10' })
  .allow('in', { protocol: 'tcp', ports: [22, 80, 443] })
  .allow('in', { protocol: 'icmp' })
  .allow('out', { protocol: 'all' })
  .dropOthers();
// #endregion
console.log('--- build');
console.log(web.toXml());
console.log('--- check');

// #region check
const written = `<filter name='mail'>
  <rule action='drop' direction='out'>
    <tcp match='no' dstportstart='25'/>
  </rule>
</filter>`;

for (const { message } of NwFilter.parse(written).validate()) console.log(message);
// #endregion
console.log('--- host');

// #region host
import { connect } from 'libvirt-network';
import { filters } from 'libvirt-network/guests';
import { mockTransport } from 'libvirt-network/testing';

await using host = connect(mockTransport()); // or connect('qemu:///system') of libvirt-network/node
const all = filters(host);

const stored = await all.define(web);
console.log(stored.uuid !== undefined, (await all.names()).length);

// Defined again, it keeps its uuid; libvirt makes the rules of running guests again.
await all.define((await all.get('web')).allow('in', { protocol: 'udp', ports: 53 }));

for (const binding of await all.bindings()) console.log(`${binding.device} has ${binding.filter}`);
await all.undefine('web');
// #endregion
