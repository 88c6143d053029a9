import type { AnyTable } from '../element.js';
import { type NicKind, networkNicTable } from './nic.js';
import {
  bridgeNicTable,
  clientNicTable,
  directNicTable,
  ethernetNicTable,
  hostdevNicTable,
  internalNicTable,
  multicastNicTable,
  nullNicTable,
  otherNicTable,
  serverNicTable,
  udpNicTable,
  userNicTable,
  vdpaNicTable,
  vdsNicTable,
  vhostUserNicTable,
} from './other-tables.js';

/** The table of each type of `<interface>`. */
export const NIC_TABLES: Readonly<Record<NicKind, AnyTable>> = {
  network: networkNicTable,
  bridge: bridgeNicTable,
  direct: directNicTable,
  ethernet: ethernetNicTable,
  user: userNicTable,
  vhostuser: vhostUserNicTable,
  vdpa: vdpaNicTable,
  hostdev: hostdevNicTable,
  internal: internalNicTable,
  udp: udpNicTable,
  server: serverNicTable,
  client: clientNicTable,
  mcast: multicastNicTable,
  null: nullNicTable,
  vds: vdsNicTable,
  other: otherNicTable,
};
