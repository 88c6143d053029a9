import type { BaseNetwork } from '../../model/base.js';
import { type OptionNames, optionsOf } from '../../options/options.js';
import { RELEASE_OPTION, type ReleaseOption } from '../../schema/release.js';
import { releaseOf } from '../../schema/rules/index.js';
import { escapeText } from '../../xml/write.js';
import { type PreviewNetwork, previewOf, servesDhcp } from '../network.js';
import { dhcpLines } from './dhcp.js';
import { dnsRecordLines, forwarderLines, hostsByAddress, reverseZoneLines } from './dns.js';
import { hostsfileLines } from './hostsfile.js';

/** The files that libvirt writes for the dnsmasq of a network. */
export interface DnsmasqConfig {
  /** `{name}.conf`: what dnsmasq does. */
  readonly conf: string;
  /** `{name}.hostsfile`: reservations. libvirt writes an empty one when there are none. */
  readonly hostsfile?: string;
  /** `{name}.addnhosts`: names of `<dns>`. libvirt writes an empty one when there are none. */
  readonly addnhosts?: string;
}

/** Where a host has the files. */
export interface DnsmasqConfigOptions extends ReleaseOption {
  /** Directory of the files. Default: `/var/lib/libvirt/dnsmasq`, that of the system's daemon. */
  readonly directory?: string;
  /** The file of the process id, which a running daemon writes into the configuration. Default: no such line. */
  readonly pidFile?: string;
}

const OPTIONS: OptionNames<DnsmasqConfigOptions> = { ...RELEASE_OPTION, directory: true, pidFile: true };

/**
 * The files that libvirt writes for dnsmasq when a network starts; `undefined` where it starts none: the network has no
 * address of the host's, or neither DNS nor DHCP nor TFTP. Source: "Addressing" of libvirt's network format page.
 *
 * @param network - with a bridge name
 * @param options - the libvirt release, and where the host has the files
 * @throws {@link ValidationError} for a network that libvirt would not define, or that would put lines of its own into
 *   the files
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when the bridge has no name yet
 */
export function dnsmasqConfig(network: BaseNetwork, options: DnsmasqConfigOptions = {}): DnsmasqConfig | undefined {
  const known = optionsOf(options, OPTIONS, 'dnsmasqConfig');
  const preview = previewOf(network, known);
  if (preview === undefined || !runsDnsmasq(preview)) return undefined;
  const hostsfile = linesOf(preview.subnets.flatMap(hostsfileLines));
  const addnhosts = linesOf(hostsByAddress(preview));
  return {
    conf: linesOf([...preamble(preview.name), ...confLines(preview, known)]),
    ...(hostsfile === '' ? {} : { hostsfile }),
    ...(addnhosts === '' ? {} : { addnhosts }),
  };
}

/** Tells whether libvirt starts a dnsmasq for the network. */
export const runsDnsmasq = (network: PreviewNetwork): boolean =>
  network.subnets.length > 0 &&
  (servesDns(network) || network.subnets.some((subnet) => servesDhcp(subnet) || subnet.ip.tftp?.root !== undefined));

/** Tells whether that dnsmasq answers names. */
export const servesDns = ({ document }: PreviewNetwork): boolean => document.dns?.enable !== false;

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const preamble = (name: string): string[] => [
  '##WARNING:  THIS IS AN AUTO-GENERATED FILE. CHANGES TO IT ARE LIKELY TO BE',
  '##OVERWRITTEN AND LOST.  Changes to this configuration should be made using:',
  `##    virsh net-edit ${name}`,
  '## or other application using the libvirt API.',
  '##',
  '## dnsmasq conf file created by libvirt',
  'strict-order',
];

function confLines(network: PreviewNetwork, options: DnsmasqConfigOptions) {
  const { directory = '/var/lib/libvirt/dnsmasq', pidFile } = options;
  const { document } = network;
  const dns = servesDns(network);
  const file = (suffix: string): string => `${directory}/${escapeText(network.name)}.${suffix}`;
  return [
    ...(dns ? forwarderLines(network, releaseOf(options)) : ['port=0']),
    ...domainLines(network),
    ...(dns ? reverseZoneLines(network) : []),
    ...(dns && document.dns?.forwardPlainNames === false ? ['domain-needed', 'local=//'] : []),
    ...(pidFile === undefined ? [] : [`pid-file=${pidFile}`]),
    'except-interface=lo',
    'bind-dynamic',
    `interface=${network.bridge}`,
    // Guests of an isolated network get no way out: no default route, no names from outside.
    ...(network.mode === 'none' ? ['dhcp-option=3', 'no-resolv', 'ra-param=*,0,0'] : []),
    ...(dns ? dnsRecordLines(network) : []),
    ...tftpLines(network),
    ...dhcpLines(network),
    ...(network.subnets.some(servesDhcp) ? [`dhcp-hostsfile=${file('hostsfile')}`] : []),
    ...(dns ? [`addn-hosts=${file('addnhosts')}`] : []),
    ...(document.mtu?.size ? [`dhcp-option=option:mtu,${document.mtu.size}`] : []),
    ...routerAdvertisementLines(network),
    ...(document.dnsmasq?.options ?? []).map(({ value }) => value),
  ];
}

function domainLines({ document: { domain } }: PreviewNetwork): string[] {
  if (domain?.name === undefined) return [];
  const local = domain.localOnly ? [`local=/${domain.name}/`] : [];
  return [...local, `domain=${domain.name}`, 'expand-hosts'];
}

function tftpLines({ subnets }: PreviewNetwork): string[] {
  const roots = subnets.flatMap(({ subnet, ip }) => (subnet.family === 'ipv4' ? (ip.tftp?.root ?? []) : []));
  return roots.length === 0 ? [] : ['enable-tftp', ...roots.map((root) => `tftp-root=${root}`)];
}

function routerAdvertisementLines({ subnets }: PreviewNetwork): string[] {
  const ipv6 = subnets.filter(({ subnet }) => subnet.family === 'ipv6');
  if (ipv6.some(servesDhcp)) return ['enable-ra'];
  return ipv6.map(({ subnet }) => `dhcp-range=${subnet.gateway},ra-only`);
}
