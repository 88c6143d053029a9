import { forwardModeOf } from '../network/canonical.js';
import type { Forward, ForwardDriver, Nat, PciAddress, PlugAddress } from '../network/forward.js';
import { RELEASE_10 } from '../release.js';
import { spanProblem } from './addressing.js';
import { addressIn, eachOf, type Reporter, type RuleContext } from './context.js';

/** `<forward>` by itself, and what its mode demands of the rest. */
export function checkForward(context: RuleContext): void {
  const { document, report } = context;
  const { forward } = document;
  const mode = forwardModeOf(document);
  if (forward !== undefined) {
    checkDriver(context, forward.driver, 'forward.driver');
    if (forward.nat !== undefined && mode !== 'nat') report('NAT_MODE', 'forward.nat', { mode });
    checkNat(context, forward.nat);
    checkDevices(context, forward);
  }
  checkNeeds(context, mode);
}

/** Xen's driver came later than the rule; the table reads it for every release. */
export function checkDriver({ release, report }: Reporter, driver: ForwardDriver | undefined, path: string): void {
  if (driver?.name === 'xen' && release < RELEASE_10)
    report('FWD_DRIVER', `${path}.name`, {
      attribute: 'name',
      value: 'xen',
      element: 'driver',
      expected: "one of 'kvm', 'vfio'",
    });
}

function checkNat({ release, report }: RuleContext, nat: Nat | undefined): void {
  const start = addressIn(nat?.address?.start);
  const end = addressIn(nat?.address?.end);
  if (start !== undefined && end !== undefined && spanProblem(start, end, release) !== undefined) {
    report('NAT_ADDR_RANGE', 'forward.nat.address', { start: start.text, end: end.text });
  }
  const port = nat?.port;
  if (port?.start === undefined || port.end === undefined) return;
  if (port.end < port.start) report('NAT_PORT_BAD', 'forward.nat.port');
  else if (port.end === port.start && port.start > 0)
    report('NAT_PORT_EQUAL', 'forward.nat.port', { value: port.start });
}

/** libvirt takes the devices from the first of these that is there: interfaces, PCI addresses, a physical function. */
function checkDevices(context: RuleContext, forward: Forward): void {
  const pool = (forward.addresses?.length ?? 0) > 0 || forward.pf !== undefined;
  if (forward.dev !== undefined && pool) context.report('FWD_DEV_AND_POOL', 'forward.dev');
  if (forward.dev !== undefined || (forward.interfaces?.length ?? 0) > 0) checkInterfaces(context, forward);
  else checkAddresses(context, forward);
}

function checkInterfaces({ report }: RuleContext, forward: Forward): void {
  const first = forward.interfaces?.[0]?.dev;
  if (forward.dev !== undefined && first !== undefined && first !== forward.dev) {
    report('FWD_DEV_MISMATCH', 'forward.dev', { value: forward.dev, first });
  }
  const seen = new Set<string>();
  eachOf(forward.interfaces, 'forward.interfaces', ({ dev }, path) => {
    if (dev !== undefined && seen.has(dev)) report('FWD_IF_DUP', `${path}.dev`, { value: dev });
    seen.add(dev);
  });
}

const PCI_LIMITS = [
  ['bus', 0xff],
  ['slot', 0x1f],
  ['function', 7],
] as const;

/** The parts of a PCI address against what a PCI bus can have; libvirt takes one of function alone for empty. */
export function checkPciLimits({ report }: Reporter, address: PlugAddress, path: string): void {
  if (!address.domain && !address.bus && !address.slot) return;
  for (const [attribute, limit] of PCI_LIMITS) {
    const value = address[attribute] ?? 0;
    if (value > limit) report('FWD_PCI_RANGE', `${path}.${attribute}`, { attribute, value, limit });
  }
}

function checkAddresses(context: RuleContext, forward: Forward): void {
  const { report } = context;
  const seen = new Set<string>();
  eachOf(forward.addresses, 'forward.addresses', (address, path) => {
    checkPciLimits(context, address, path);
    const text = pciText(address);
    if (seen.has(text)) report('FWD_PCI_DUP', path, { value: text });
    seen.add(text);
  });
}

/** A PCI address as `lspci` prints it. */
export function pciText({ domain = 0, bus = 0, slot = 0, function: fn = 0 }: PciAddress): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${fn}`;
}

function checkNeeds({ document, release, report }: RuleContext, mode: string): void {
  const { forward } = document;
  const { part, count } = devicesOf(forward);
  // Until 10.8 open networks had to have an address, like routed ones.
  const needsIp = mode === 'nat' || mode === 'route' || (mode === 'open' && release < 10_008_000);
  if (needsIp && (document.ips?.length ?? 0) === 0) report('FWD_NEEDS_IP', 'forward', { mode });
  if (needsIp && count > 1) report('FWD_MULTI_IF', part, { mode });
  if (mode === 'open' && count > 0) report('FWD_OPEN_DEV', forward?.dev === undefined ? part : 'forward.dev');
}

/** The devices that libvirt counts: interfaces, or where there are none PCI addresses. */
function devicesOf({ dev, interfaces = [], addresses = [] }: Forward = {}): { part: string; count: number } {
  const isNamed = dev !== undefined || interfaces.length > 0;
  return isNamed
    ? { part: 'forward.interfaces', count: Math.max(interfaces.length, 1) }
    : { part: 'forward.addresses', count: addresses.length };
}
