import { LibvirtError } from '../errors/index.js';
import type { BaseNetwork } from '../model/base.js';
import { inEffect } from '../model/without-defaults.js';
import { unsupportedFields } from './check-fields.js';
import { addressPool, dhcpRows } from './dhcp-rows.js';
import { dnsRows } from './dns-rows.js';
import { forwardRows } from './forward-rows.js';
import { assertGuestAddresses } from './guest-addresses.js';
import { guestRules, limitRows } from './guest-rows.js';
import { assertGuestsInside, assertNarrow } from './opening-rows.js';
import { isDistributed, type OvnOutside, outsideOf } from './outside.js';
import { assertOutsideAddresses } from './outside-address-checks.js';
import { ROUTER_KEY } from './outside-addresses.js';
import { type GuestPort, portRowsFor } from './port-rows.js';
import { routerRows } from './router-rows.js';
import type { OvnRow } from './rows.js';
import { type OvnShape, shapeOfDocument } from './shape.js';
import { assertSubnets } from './subnet-checks.js';
import { OvnUnsupportedError } from './unsupported.js';
import { untranslatedRows } from './untranslated-rows.js';
import type { OvsdbRowInput } from './values.js';

/** Marks of a network's switch: the network as libvirt's XML, and how it reaches the outside as JSON. */
export const XML_MARK = 'libvirt-network-xml';
export const OUTSIDE_MARK = 'libvirt-network-outside';

/** Makes the rows of a network with the ports of its guests. */
export type RowsWithGuests = (guests: readonly GuestPort[]) => readonly OvnRow[];

/**
 * Makes the rows of OVN's northbound database that a network becomes. Each value that OVN would not understand is refused here.
 *
 * @param network - of mode `nat` or `route`, or isolated
 * @param given - how it reaches the outside; needed for `nat` and `route`
 * @param guests - the ports of its guests
 * @throws {@link OvnUnsupportedError} for what OVN cannot express, `ValidationError` for what libvirt refuses,
 *   {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export const northboundRows = (
  network: BaseNetwork,
  given: OvnOutside | undefined,
  guests: readonly GuestPort[] = [],
): readonly OvnRow[] => rowsWithGuests(network, given)(guests);

/**
 * Does once what {@link northboundRows} does, for guests that are not known yet.
 *
 * @throws as {@link northboundRows}; what it returns throws only for guests
 */
export function rowsWithGuests(network: BaseNetwork, given: OvnOutside | undefined): RowsWithGuests {
  const shape = shapeOf(network, given);
  return rowsOf(shape, {
    [XML_MARK]: network.toXml(),
    ...(shape.outside === undefined ? {} : { [OUTSIDE_MARK]: JSON.stringify(given) }),
  });
}

/**
 * Takes a network apart, and refuses what OVN cannot express.
 *
 * @throws as {@link northboundRows}
 */
export function shapeOf(network: BaseNetwork, given: OvnOutside | undefined): OvnShape {
  if (!['nat', 'route', 'isolated'].includes(network.kind)) throw otherKind(network);
  network.assertDefinable();
  const document = inEffect(network.document);
  const unsupported = unsupportedFields(document);
  if (unsupported.length > 0) throw new OvnUnsupportedError(network.name, unsupported);
  const isIsolated = network.kind === 'isolated';
  if (!isIsolated && given === undefined) throw needsOutside(network);
  const outside = isIsolated ? undefined : given;
  const shape = shapeOfDocument(document, outside === undefined ? undefined : outsideOf(outside));
  assertSubnets(shape);
  assertGuestsInside(shape);
  assertOutsideAddresses(shape);
  if (shape.outside !== undefined) assertNarrow(shape.outside);
  return shape;
}

/**
 * Makes the rows of a network that was taken apart, without what they keep of the network itself.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` for addresses that the guests cannot have
 */
export const rowsOfShape = (shape: OvnShape, guests: readonly GuestPort[]): readonly OvnRow[] =>
  rowsOf(shape, {})(guests);

function otherKind({ name, kind, document }: BaseNetwork): OvnUnsupportedError {
  const reason = 'a network of OVN is of mode nat or route, or isolated';
  return new OvnUnsupportedError(name, [{ path: 'forward.mode', value: document.forward?.mode ?? kind, reason }]);
}

const needsOutside = ({ name, kind }: BaseNetwork): LibvirtError =>
  new LibvirtError(
    'INVALID_ARGUMENT',
    `network "${name}" is of kind ${kind}, and nothing says how it reaches the outside`,
    {
      network: name,
      hint: 'pass outside: the physical network, an address there, the next hop and the chassis',
    },
  );

function rowsOf(shape: OvnShape, marks: OvnRow['marks']): RowsWithGuests {
  const [names, limits, forwards] = [dnsRows(shape), limitRows(shape), forwardRows(shape)];
  const router = routerRows(shape).map((row) => (row.key === ROUTER_KEY ? withForwards(row, forwards) : row));
  const others = [...router, ...dhcpRows(shape), ...names, ...limits, ...forwards, ...untranslatedRows(shape)];
  const rules = guestRules(shape);
  const group: OvsdbRowInput = { name: shape.names.portGroup, acls: rules.map(referTo) };
  const portRows = portRowsFor(shape);
  const toRouter = router.filter(({ key }) => key === 'switch_router').map(referTo);
  const own: OvsdbRowInput = {
    name: shape.name,
    dns_records: names.map(referTo),
    qos_rules: limits.map(referTo),
    // Where each host routes, a guest on the gateway's host reaches forwarded ports only through the switch.
    load_balancer: shape.outside !== undefined && isDistributed(shape.outside) ? forwards.map(referTo) : [],
    other_config: addressPool(shape),
  };
  return (guests) => {
    assertGuestAddresses(shape, guests);
    const ports = portRows(guests);
    const toGuests = ports.map(referTo);
    return [
      { table: 'Logical_Switch', key: 'switch', columns: { ...own, ports: [...toRouter, ...toGuests] }, marks },
      ...others,
      { table: 'Port_Group', key: 'guests', columns: { ...group, ports: toGuests } },
      ...rules,
      ...ports,
    ];
  };
}

const referTo = ({ key }: OvnRow) => ({ named: key });

const withForwards = (router: OvnRow, forwards: readonly OvnRow[]): OvnRow => ({
  ...router,
  columns: { ...router.columns, load_balancer: forwards.map(referTo) },
});
