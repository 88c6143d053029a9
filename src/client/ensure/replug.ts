import type { RemainingTime } from '../../async/deadline.js';
import { LibvirtError } from '../../errors/index.js';
import { forwardModeOf, isLayer3 } from '../../schema/network/canonical.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import type { XmlElement } from '../../xml/node.js';
import { readXml } from '../../xml/read.js';
import { printXml } from '../../xml/write.js';
import type { AttachedNic } from '../guests/attached-nic.js';
import { askGuests } from '../guests/guest-ref.js';
import { listGuests } from '../guests/list-guests.js';
import { childOf, withElement, withoutChild } from '../guests/nic-element.js';
import { readAllStates } from '../state/read-state.js';
import { ifUnsupported } from '../state/tolerated.js';
import type { EnsureContext } from './ensure-context.js';

/** A NIC of a running guest that a restart has cut off. */
interface CutOff {
  readonly guest: { readonly guest: string; readonly name: string };
  readonly nic: AttachedNic;
}

/**
 * Puts the NICs of running guests back into a restarted network through libvirt itself: libvirt plugs a NIC in again when its
 * network changes, so that each moves to another active network and back. In between it sits on that network.
 *
 * @returns MAC addresses of the NICs that are back; none where no other network is active
 * @throws {@link LibvirtError} code `NOT_APPLIED` for a NIC that could not be put back; it says on which network it is
 */
export async function replugGuests(context: EnsureContext, remaining: RemainingTime): Promise<readonly string[]> {
  const { transport } = context.connection;
  if (context.before.live === undefined || !isLayer3(context.before.live)) return [];
  const views = await listGuests(transport, { active: true }, remaining()).catch(ifUnsupported);
  const cutOff = views.flatMap(({ state, live = [] }) =>
    live
      .filter((nic) => nic.network === context.name && nic.type !== 'direct')
      .map((nic) => ({ guest: { guest: state.uuid, name: state.name }, nic })),
  );
  const helper = cutOff.length === 0 ? undefined : await helperOf(context, remaining);
  if (helper === undefined) return [];
  for (const one of cutOff) await replug(context, helper, one, remaining);
  return cutOff.map(({ nic }) => nic.mac);
}

/** Another active network that guests are plugged into by taps: an isolated one where there is one. */
async function helperOf({ connection, name }: EnsureContext, remaining: RemainingTime): Promise<string | undefined> {
  const states = [...(await readAllStates(connection.transport, remaining()))];
  const others = states.flatMap(([other, { live }]) =>
    other !== name && live !== undefined && isLayer3(live) ? [{ other, live }] : [],
  );
  return others.sort((a, b) => openness(a.live) - openness(b.live))[0]?.other;
}

/** How much a guest could reach from a network, in rough steps. */
const openness = (network: NetworkDocument): number =>
  (forwardModeOf(network) === undefined ? 0 : 2) + ((network.ips ?? []).length === 0 ? 0 : 1);

async function replug(
  { connection, name: network }: EnsureContext,
  helper: string,
  { guest, nic }: CutOff,
  remaining: RemainingTime,
): Promise<void> {
  const old = readXml(nic.xml).root;
  const update = (element: XmlElement) =>
    askGuests(
      connection.transport,
      'guest.update',
      { ...guest, xml: printXml(element), live: true, config: false },
      remaining(),
    );
  // The limits of a guarantee may not fit in the other network.
  const away = withoutChild(onNetwork(old, helper), 'bandwidth');
  let place = `cut off from network "${network}"`;
  try {
    await update(away);
    place = `on network "${helper}"`;
    await update(onNetwork(old, network));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LibvirtError('NOT_APPLIED', `the NIC ${nic.mac} of guest "${guest.name}" is ${place}: ${why}`, {
      network,
      hint: 'change the NIC to the network again, or stop and start the guest',
      cause,
    });
  }
}

/** A live NIC as libvirt takes it for a network: without the place where it was plugged in. */
function onNetwork(nic: XmlElement, network: string): XmlElement {
  const group = childOf(nic, 'source')?.attributes['portgroup'];
  const attributes = { network, ...(group === undefined ? {} : { portgroup: group }) };
  const source: XmlElement = { type: 'element', name: 'source', attributes, children: [] };
  return withElement({ ...nic, attributes: { ...nic.attributes, type: 'network' } }, source);
}
