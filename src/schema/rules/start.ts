import type { Address } from '../address.js';
import { forwardModeOf, isLayer3 } from '../network/canonical.js';
import { effectivePrefix } from './addressing.js';
import { addressIn, eachOf, type RuleContext } from './context.js';
import { utf8Length } from './ports.js';

/** Longest name of a device in Linux, in bytes. */
const DEVICE_NAME_BYTES = 15;

/** Finds what libvirt stores, and what the kernel or the packet filter refuses when the network starts. */
export function checkStart(context: RuleContext): void {
  if (!isLayer3(context.document)) return;
  checkBridgeName(context);
  checkMac(context);
  checkMtu(context);
  checkOutgoingDevice(context);
  checkAddresses(context);
  checkShaping(context);
}

/** Names that Linux has below /proc/sys/net for all devices, and those of directories. */
const TAKEN_NAMES: ReadonlySet<string> = /* @__PURE__ */ new Set(['.', '..', 'all', 'default']);

/** Bytes that Linux refuses in the name of a device: blanks, as it counts them, slashes and colons. */
const hasRefusedByte = (name: string): boolean =>
  /[\t-\r /:]/.test(name) || (/[^\0-\x7f]/.test(name) && new TextEncoder().encode(name).includes(0xa0));

/** A template such as `virbr%d` gets the lowest free number. */
const withNumber = (name: string): string => (/^[^%]*%d[^%]*$/.test(name) ? name.replace('%d', '0') : name);

function checkBridgeName(context: RuleContext): void {
  const value = context.document.bridge?.name;
  if (value === undefined) return;
  const name = withNumber(value);
  if (utf8Length(name) > DEVICE_NAME_BYTES) return context.report('BRIDGE_NAME_LONG', 'bridge.name', { value });
  if (isInvalid(name)) return context.report('BRIDGE_NAME_INVALID', 'bridge.name', { value });
  checkWord(context, name, 'bridge.name');
}

const isInvalid = (name: string): boolean => name.includes('%') || TAKEN_NAMES.has(name) || hasRefusedByte(name);

/** 10.4.0 as a number: libvirt can filter packets with nftables. */
const NFTABLES = 10_004_000;

/** libvirt hands names of devices to `nft` without quotes. */
function checkWord({ release, report }: RuleContext, value: string, path: string): void {
  if (release >= NFTABLES && !/^[A-Za-z_][\w./-]*$/.test(value)) report('DEVICE_NAME_NFT', path, { value });
}

function checkMac({ document: { mac }, report }: RuleContext): void {
  if (mac?.address !== undefined && /^[0:]*$/.test(mac.address))
    report('MAC_ZERO', 'mac.address', { value: mac.address });
}

/** Limits of a bridge in Linux, and what IPv6 needs. */
const MTU = { least: 68, ipv6: 1280, most: 65_535 } as const;

function checkMtu({ document: { mtu, ips = [] }, report }: RuleContext): void {
  const value = mtu?.size ?? 0;
  if (value === 0) return;
  if (value > MTU.most) return report('MTU_TOO_BIG', 'mtu.size', { value });
  if (value < MTU.least) return report('MTU_TOO_SMALL', 'mtu.size', { value, least: MTU.least });
  const hasIpv6 = ips.some(({ address }) => addressIn(address)?.family === 'ipv6');
  if (hasIpv6 && value < MTU.ipv6) report('MTU_TOO_SMALL', 'mtu.size', { value, least: MTU.ipv6 });
}

function checkOutgoingDevice(context: RuleContext): void {
  const { forward } = context.document;
  const at = forward?.dev === undefined ? 'forward.interfaces[0].dev' : 'forward.dev';
  const value = forward?.dev ?? forward?.interfaces?.[0]?.dev;
  if (value === undefined) return;
  if (utf8Length(value) > DEVICE_NAME_BYTES) context.report('FWD_DEV_LONG', at, { value });
  else checkWord(context, value, at);
}

/** dnsmasq serves DHCP in no larger subnet of IPv6. */
const LEAST_DHCP6_PREFIX = 64;

function checkAddresses({ document, release, report }: RuleContext): void {
  const seen = new Set<string>();
  const masquerades = forwardModeOf(document) === 'nat';
  eachOf(document.ips, 'ips', (ip, path) => {
    const address = addressIn(ip.address);
    if (address === undefined) return;
    if (isNoHostAddress(address)) report('IP_UNUSABLE', `${path}.address`, { value: address.text });
    const prefix = effectivePrefix(ip);
    const isIpv4 = address.family === 'ipv4';
    // Linux tells IPv4 addresses apart by their prefixes too.
    const key = isIpv4 ? `${address.text}/${prefix}` : address.text;
    if (seen.has(key)) report('IP_DUPLICATE', `${path}.address`, { value: key });
    seen.add(key);
    if (masquerades && isIpv4 && prefix === 0 && release < NFTABLES) report('NAT_OF_ALL', `${path}.netmask`);
    const isServed = (ip.dhcp?.ranges?.length ?? 0) + (ip.dhcp?.hosts?.length ?? 0) > 0;
    if (!isIpv4 && isServed && (prefix ?? LEAST_DHCP6_PREFIX) < LEAST_DHCP6_PREFIX)
      report('DHCP6_PREFIX', path, { prefix: prefix ?? '' });
  });
}

/** IPv6 addresses that Linux gives to no bridge: the unspecified one, loopback and multicast. */
const isNoHostAddress = ({ family, value }: Address): boolean =>
  family === 'ipv6' && (value <= 1n || value >> 120n === 0xffn);

/** Largest numbers that `tc` takes for a burst, in KiB, and for a quantum, in bytes. */
const TC = { burst: 4_194_303n, quantum: 4_294_967_295n } as const;

/** The limits of the network's own bridge; those of port groups concern guests. */
function checkShaping({ document: { bandwidth }, release, report }: RuleContext): void {
  for (const direction of ['inbound', 'outbound'] as const) {
    const { average, burst } = bandwidth?.[direction] ?? {};
    // Since 11.1 libvirt does not store these: BW_TOO_BIG.
    if (burst !== undefined && release < 11_001_000 && BigInt(burst) > TC.burst)
      report('BW_BURST', `bandwidth.${direction}.burst`, { value: burst, limit: String(TC.burst) });
    if (direction === 'inbound' && average !== undefined && quantumOf(BigInt(average)) > TC.quantum)
      report('BW_RATE', `bandwidth.${direction}.average`, { value: average });
  }
}

/** The quantum that libvirt computes for a rate in KiB/s, in 64 bits. */
const quantumOf = (average: bigint): bigint => BigInt.asUintN(64, average * 1024n) / 8n / 1500n;
