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
import { parseDump } from '../state/definition.js';
import { readAllStates, readGuestPorts } from '../state/read-state.js';
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
 * @returns MAC addresses of the NICs that libvirt then shows on the network's bridge, with a port of the network; none where
 *   no other network is active
 * @throws {@link LibvirtError} code `NOT_APPLIED` for NICs that could not be put back, after all others are; the context holds
 *   where they are
 */
export async function replugGuests(context: EnsureContext, remaining: RemainingTime): Promise<readonly string[]> {
  const { before, away } = context;
  if (before.live === undefined || !isLayer3(before.live)) return [];
  const cutOff = (await nicsOfGuests(context, remaining)).filter(
    (one) => away.has(keyOf(one)) || (one.nic.network === context.name && one.nic.type !== 'direct'),
  );
  const helper = cutOff.length === 0 ? undefined : await helperOf(context, remaining);
  if (helper === undefined) return [];
  const failures: LibvirtError[] = [];
  for (const one of cutOff) {
    const failure = await replug(context, helper, one, remaining);
    if (failure !== undefined) failures.push(failure);
  }
  if (failures.length > 0) throw notPutBack(context, failures);
  return pluggedIn(context, cutOff, remaining);
}

/** NICs of the guests that run. */
async function nicsOfGuests({ connection }: EnsureContext, remaining: RemainingTime): Promise<readonly CutOff[]> {
  const views = await listGuests(connection.transport, { active: true }, remaining()).catch(ifUnsupported);
  return views.flatMap(({ state, live = [] }) =>
    live.map((nic) => ({ guest: { guest: state.uuid, name: state.name }, nic })),
  );
}

const keyOf = ({ guest, nic }: CutOff): string => `${guest.guest} ${nic.mac}`;

/** One error for all NICs that could not be put back. */
function notPutBack({ name: network }: EnsureContext, failures: readonly LibvirtError[]): LibvirtError {
  const messages = failures.map(({ message }) => message).join('; ');
  return new LibvirtError('NOT_APPLIED', messages, {
    network,
    hint: `move the NIC to network "${network}" with change() of its guest, or stop and start the guest`,
    cause: failures[0]?.cause,
  });
}

/** libvirt reports success for a NIC that it did not plug in, so what it shows of the guest and of the network decides. */
async function pluggedIn(
  context: EnsureContext,
  wanted: readonly CutOff[],
  remaining: RemainingTime,
): Promise<readonly string[]> {
  const { connection, name, uuid } = context;
  const keys = new Set(wanted.map(keyOf));
  const xml = await connection.transport.call('network.dump', { network: uuid, name }, remaining());
  const bridge = parseDump(xml).document.bridge?.name;
  const ports = new Set((await readGuestPorts(connection.transport, uuid, remaining)).map(({ mac }) => mac.address));
  const hasPort = ({ mac }: AttachedNic): boolean => ports.size === 0 || ports.has(mac);
  return (await nicsOfGuests(context, remaining))
    .filter((one) => keys.has(keyOf(one)))
    .filter(({ nic }) => nic.network === name && nic.bridge === bridge && hasPort(nic))
    .map(({ nic }) => nic.mac);
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

/** Moves a NIC to the other network and back. @returns why that failed */
async function replug(
  { connection, name: network, away }: EnsureContext,
  helper: string,
  one: CutOff,
  remaining: RemainingTime,
): Promise<LibvirtError | undefined> {
  const { guest, nic } = one;
  const key = keyOf(one);
  const update = (element: XmlElement) => {
    const input = { ...guest, xml: printXml(element), live: true, config: false };
    return askGuests(connection.transport, 'guest.update', input, remaining());
  };
  const who = `the NIC ${nic.mac} of guest "${guest.name}"`;
  const xml = away.get(key)?.xml ?? nic.xml;
  const old = readXml(xml).root;
  try {
    // The limits of a guarantee may not fit in the other network.
    if (!away.has(key)) await update(withoutChild(onNetwork(old, helper), 'bandwidth'));
    away.set(key, { what: `${who} is on network "${helper}"`, xml });
    await update(onNetwork(old, network));
    away.delete(key);
    return undefined;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new LibvirtError('NOT_APPLIED', `${who} cannot be put back into the network: ${why}`, { network, cause });
  }
}

/** A live NIC as libvirt takes it for a network: without the place where it was plugged in. */
function onNetwork(nic: XmlElement, network: string): XmlElement {
  const group = childOf(nic, 'source')?.attributes['portgroup'];
  const attributes = { network, ...(group === undefined ? {} : { portgroup: group }) };
  const source: XmlElement = { type: 'element', name: 'source', attributes, children: [] };
  return withElement({ ...nic, attributes: { ...nic.attributes, type: 'network' } }, source);
}
