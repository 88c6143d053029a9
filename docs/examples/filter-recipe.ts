// #region recipe
import { NwFilter } from 'libvirt-network';

/** Reached by ssh and http alone; gets its address by DHCP and asks for names, and begins nothing else. */
export const webServer = NwFilter.create('web-server')
  .noSpoofing()
  .allow('in', { protocol: 'tcp', ports: [22, 80] })
  .allow('out', { protocol: 'udp', ports: [53, 67] })
  .allow('out', { protocol: 'tcp', ports: 53 })
  .dropOthers();
// #endregion
console.log('--- recipe');
console.log(webServer.toXml());
