import { macOf } from '../client/guests/attached-nic.js';
import { attributeOf, withChild } from '../client/guests/nic-element.js';
import type { XmlElement } from '../xml/node.js';
import type { MockDriver } from './driver.js';
import type { MockGuest } from './guest-state.js';
import { plugged, withGuest } from './ports.js';
import { invalid } from './refusal.js';

/** Plugs a NIC into its network: the network gets a port, and the NIC says where it is plugged in. */
export function plugIn(driver: MockDriver, { name, uuid }: MockGuest, nic: XmlElement, device: string): XmlElement {
  const key = attributeOf(nic, 'source', 'network');
  if (key === undefined) return nic;
  const network = driver.find(key);
  const { live } = network;
  if (live === undefined) return invalid(`network '${network.name}' is not active`);
  const group = attributeOf(nic, 'source', 'portgroup');
  const port = plugged(
    live,
    {
      uuid: driver.makeUuid(),
      owner: { name, uuid },
      mac: { address: macOf(nic) ?? '' },
      ...(group === undefined ? {} : { group }),
    },
    network.ports,
    () => driver.makeUuid(),
  );
  const plug = port.plug;
  driver.put({ ...network, live: withGuest(live, plug?.dev, 1), ports: [...network.ports, port] });
  const type = plug?.type ?? 'network';
  const where = {
    portid: port.uuid,
    bridge: plug?.bridge,
    ...(type === 'direct' ? { dev: plug?.dev ?? device, mode: plug?.mode } : {}),
  };
  return { ...withChild(nic, 'source', where), attributes: { ...nic.attributes, type } };
}

/** Takes the port of a NIC away, unless its successor has it. */
export function unplug(driver: MockDriver, nic: XmlElement, successor?: XmlElement): void {
  const id = attributeOf(nic, 'source', 'portid');
  if (id === undefined || (successor !== undefined && attributeOf(successor, 'source', 'portid') === id)) return;
  for (const network of driver.state.networks.values()) {
    const port = network.ports.find(({ uuid }) => uuid === id);
    if (port === undefined || network.live === undefined) continue;
    const ports = network.ports.filter(({ uuid }) => uuid !== id);
    driver.put({ ...network, live: withGuest(network.live, port.plug?.dev, -1), ports });
  }
}
