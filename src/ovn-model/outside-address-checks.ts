import { LibvirtError } from '../errors/index.js';
import { bitsOf, parseAddress, sameSubnet } from '../schema/address.js';
import type { Outside } from './outside.js';
import { answeredAddresses, sourceAddresses } from './outside-addresses.js';
import { isOfHost } from './router-addresses.js';
import type { OvnShape } from './shape.js';

/**
 * Refuses addresses outside that the router of a network would answer for although they are not free for it: OVN takes them, and the
 * guests lose the outside.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function assertOutsideAddresses(shape: OvnShape): void {
  const { outside, name } = shape;
  if (outside === undefined) return;
  assertTranslated(shape, outside);
  const sources = new Set(sourceAddresses(shape, outside));
  for (const text of answeredAddresses(shape, outside)) {
    const problem = problemOf(text, outside) ?? (sources.has(text) ? insideProblem(text, shape) : undefined);
    if (problem !== undefined) throw unusable(name, text, problem);
  }
}

function problemOf(text: string, { addresses, gateways }: Outside): string | undefined {
  if (gateways.some((hop) => hop.text === text)) return 'the next hop has it';
  const address = parseAddress(text);
  if (address === undefined) return 'it is not an address';
  const near = addresses.find(
    (own) => own.address.family === address.family && sameSubnet(own.address, address, own.prefix),
  );
  return isOfHost({ address, prefix: near?.prefix ?? bitsOf(address.family) }) ? undefined : 'no machine can have it';
}

const insideProblem = (text: string, { subnets }: OvnShape): string | undefined =>
  subnets.some(({ subnet }) => subnet.contains(text)) ? 'it is in a subnet of the network itself' : undefined;

const unusable = (network: string, address: string, why: string): LibvirtError =>
  new LibvirtError('INVALID_ARGUMENT', `network "${network}" cannot have ${address} outside: ${why}`, {
    network,
    hint: 'give ownAddresses, natAddress and hostAddress of port forwards addresses of the physical network that nobody has',
  });

/** A guest has another address outside only where something is translated. */
function assertTranslated({ name, translated }: OvnShape, { ownAddresses }: Outside): void {
  const own = ownAddresses.find(({ guest }) => !translated.includes(guest.family));
  if (own === undefined) return;
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `outside.ownAddresses has ${own.address.text} for ${own.guest.text}, and network "${name}" does not translate addresses of that family`,
    {
      network: name,
      hint: 'leave it out: the guest has its own address outside; or use a NatNetwork, for IPv6 with natIpv6()',
    },
  );
}
