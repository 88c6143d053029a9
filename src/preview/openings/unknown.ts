import { LibvirtError } from '../../errors/index.js';
import type { Family } from '../../schema/address.js';
import type { CheckOptions } from '../firewall-check/options.js';
import { statusOfRules } from '../firewall-check/rules.js';
import type { HostFirewall } from '../firewall-model/model.js';
import { FAMILY_NAMES } from '../flow/packets.js';
import type { Side } from './parties.js';

/** A family for which no opening lets a traffic through. */
export interface ClosedFamily {
  readonly family: Family;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** Both sides of a traffic. */
interface Sides {
  readonly from: Side;
  readonly to: Side;
}

/** The families that both sides of a traffic have. */
export const familiesOf = ({ from, to }: Sides): readonly Family[] =>
  from.families.filter((family) => to.families.includes(family));

/**
 * Refuses sides that no packet can get between, or that cannot be told apart.
 *
 * @throws LibvirtError code `INVALID_ARGUMENT`
 */
export function expectApart(sides: Sides): void {
  const { from, to } = sides;
  if (familiesOf(sides).length === 0)
    throw new LibvirtError('INVALID_ARGUMENT', `${from.text} and ${to.text} have no address family in common`, {
      hint: `${familyText(from)}; ${familyText(to)}: both sides need addresses of one family`,
    });
  expectBeyond(from, to);
  expectBeyond(to, from);
  const [one, other] = [from.network, to.network];
  if (one === undefined || other === undefined || one === other) return;
  const isSame = one.name === other.name || from.preview?.bridge === to.preview?.bridge;
  if (!isSame) return;
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `both sides are networks of one name or bridge: ${from.text}, ${to.text}`,
    {
      hint: 'a host has one network of a name and of a bridge: pass the same object twice, or networks of different names and bridges',
    },
  );
}

const familyText = ({ text, families }: Side): string =>
  families.length === 0
    ? `${text} has no addresses`
    : `${text} is ${families.map((family) => FAMILY_NAMES[family]).join(' and ')}`;

/** Traffic between guests of one network does not pass the host. */
function expectBeyond({ network, cidr }: Side, { preview, text }: Side): void {
  if (network !== undefined || cidr === undefined || preview === undefined) return;
  if (!preview.subnets.some(({ subnet }) => subnet.contains(cidr))) return;
  throw new LibvirtError('INVALID_ARGUMENT', `${cidr} is inside ${text}`, {
    network: preview.name,
    hint: 'pass a subnet beyond the host, or the network that the subnet is of',
  });
}

/** The families of a traffic about which a firewall does not tell, and why. */
export function unknownTo(firewall: HostFirewall, sides: Sides, options: CheckOptions): readonly ClosedFamily[] {
  const reason = notRunning(firewall, sides, options);
  return familiesOf(sides).flatMap((family): ClosedFamily[] => {
    if (!firewall.families.includes(family)) return [{ family, reason: notRead(family) }];
    return reason === undefined ? [] : [{ family, reason }];
  });
}

const notRead = (family: Family): string =>
  `the firewall was read without ${family === 'ipv4' ? 'IPv4' : 'IPv6'}: pass the output of nft or ${family === 'ipv4' ? 'iptables-save' : 'ip6tables-save'} to readHostFirewall too`;

/** Without the rules of a network, nothing shows what libvirt will reject once it runs. */
function notRunning(firewall: HostFirewall, { from, to }: Sides, options: CheckOptions): string | undefined {
  const networks = new Set([from.network, to.network].filter((network) => network !== undefined));
  for (const network of networks) {
    const rules = statusOfRules(network, firewall, options);
    if (rules.length === 0 || rules.some(({ state }) => state !== 'missing')) continue;
    return `the firewall has no rules of libvirt's ${options.backend} backend for network "${network.name}": start the network and read the firewall again, or pass the backend that the host uses`;
  }
  return undefined;
}
