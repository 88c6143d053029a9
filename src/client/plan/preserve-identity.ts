import { LibvirtError } from '../../errors/index.js';
import type { BaseNetwork } from '../../model/base.js';

/** Kinds whose bridge is libvirt's own. */
const OWN_BRIDGE: ReadonlySet<string> = /* @__PURE__ */ new Set(['nat', 'route', 'open', 'isolated']);

/**
 * A network with what libvirt has chosen for the one of the same name: its uuid, without which libvirt takes the
 * name for a conflict, and MAC address and name of the bridge, without which guests would lose their gateway.
 */
export function withIdentityOf<N extends BaseNetwork>(network: N, stored: BaseNetwork): N {
  // Another uuid makes it another network, which libvirt refuses.
  if (network.uuid !== undefined && network.uuid !== stored.uuid) return network;
  // A bridge of the host is not the network's to keep.
  if (![network, stored].every(({ kind }) => OWN_BRIDGE.has(kind))) return network.with({ uuid: stored.uuid });
  const name = network.document.bridge?.name ?? stored.document.bridge?.name;
  return network.with({
    uuid: stored.uuid,
    mac: network.document.mac ?? stored.document.mac,
    bridge: name === undefined ? network.document.bridge : { ...network.document.bridge, name },
  });
}

/** Longest text that libvirt's protocol carries, in bytes with the zero at its end. */
const LONGEST_TEXT = 4 * 1024 * 1024;

/**
 * Throws for a definition that libvirt might accept but could never return.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertSize(network: string, xml: string): void {
  const bytes = new TextEncoder().encode(xml).length;
  if (bytes < LONGEST_TEXT) return;
  throw new LibvirtError('INVALID_ARGUMENT', `network "${network}" cannot be defined: it is ${bytes} bytes as XML`, {
    hint: `libvirt's protocol carries less than ${LONGEST_TEXT} bytes`,
    network,
  });
}
