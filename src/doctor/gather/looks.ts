import { PROBES } from '../../host/observe/probes.js';

/** Something that is looked at on a host. */
export interface Look {
  /** A piece of POSIX shell that changes nothing and sends nothing. It prints nothing where there is nothing to see. */
  readonly script: string;
  /** The part of the host that it shows, as a noun phrase. */
  readonly what: string;
  /** The command or file that evidence refers to. */
  readonly source: string;
}

const IP = 'devices, addresses and routes';
const FILTERS = 'packet filters';

const look = (what: string, source: string, script = source): Look => ({ what, source, script });

/** Prints nothing where a program is not installed. */
const ifThere = (program: string, script: string): string => `command -v ${program} >/dev/null || exit 0\n${script}`;

/** `iptables-legacy -S` would load tables; `-save` loads none where the kernel says that there are some. */
const legacy = (names: string, program: string): string =>
  ifThere(program, `[ -e ${names} ] || exit 0\nnames=$(cat ${names}) || exit 1\n[ -z "$names" ] || ${program}`);

const SETTINGS = [
  'forward',
  'rp_filter',
  'valid_mark',
  'echo_ignore',
  'arp_ignore',
  'bridge-nf-call',
  'disable_ipv6',
  '\\.accept_ra ',
  'nf_conntrack_(max|count)',
].join('|');

const BRIDGE_SETTINGS = `for b in /sys/class/net/*/bridge; do
  [ -d "$b" ] || continue
  n=\${b%/bridge}; n=\${n##*/}
  for s in nf_call_iptables nf_call_ip6tables; do echo "bridge.$n.$s = $(cat "$b/$s")"; done
done`;

const DNSMASQ = `for f in /run/libvirt/network/*.pid; do
  [ -e "$f" ] || continue
  n=\${f##*/}; p=$(cat "$f")
  s=$(sed -n 's/^State:[[:space:]]*//p' "/proc/$p/status" 2>/dev/null)
  case $(tr '\\0' ' ' <"/proc/$p/cmdline" 2>/dev/null) in *dnsmasq*|'') ;; *) s= ;; esac
  echo "\${n%.pid} $p \${s:-gone}"
done`;

const HOOKS = `for f in /etc/libvirt/hooks/network /etc/libvirt/hooks/network.d/*; do
  [ ! -f "$f" ] || stat -c '%a %n' "$f"
done`;

/** The last complaints of libvirt about hooks, from its files or the journal. */
const LOG = `grep -hs 'Hook script execution failed' /var/log/libvirt/libvirtd.log /var/log/libvirt/virtnetworkd.log | tail -n 20
[ ! -d /run/systemd/system ] || timeout 10 journalctl -q --no-pager -o cat -n 200 -u libvirtd -u virtnetworkd | grep 'Hook script execution failed' | tail -n 20
:`;

const SYSCTL_FILES =
  "grep -Hs '^[^#]*\\(ip_forward\\|forwarding\\)[[:space:]]*=' /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /etc/ufw/sysctl.conf; :";

const FIREWALLD = ifThere(
  'firewall-cmd',
  `timeout 10 firewall-cmd --state >/dev/null 2>&1 || exit 0
echo "default $(timeout 10 firewall-cmd --get-default-zone)"
timeout 10 firewall-cmd --get-active-zones`,
);

/** The bridge, neighbour and netfilter tables of the kernel, services and files that networks depend on. */
export const LOOKS = {
  links: look(IP, 'ip -d link show', PROBES.links),
  addresses: look(IP, 'ip addr show', PROBES.addresses),
  routes4: look(IP, 'ip route show table all', PROBES.routes4),
  routes6: look(IP, 'ip -6 route show table all', PROBES.routes6),
  rules4: look(IP, 'ip rule show', 'ip -j -4 rule show'),
  rules6: look(IP, 'ip -6 rule show', 'ip -j -6 rule show'),
  acceptRa: look('accept_ra of devices', 'sysctl net.ipv6.conf', PROBES.acceptRa),
  ipv6Routes: look('routes from router advertisements', '/proc/net/ipv6_route', `${PROBES.ipv6Routes}; :`),
  neighbours: look('neighbours', 'ip neigh show', 'ip -j neigh show'),
  ports: look('ports of bridges', 'bridge -d link show', 'bridge -j -d link show'),
  fdb: look('hardware addresses that bridges know', 'bridge fdb show', 'bridge -j fdb show'),
  sysctl: look('settings of the kernel', 'sysctl', `sysctl -a 2>/dev/null | grep -E '${SETTINGS}'\n${BRIDGE_SETTINGS}`),
  sysctlFiles: look('files with settings of the kernel', '/etc/sysctl.d', SYSCTL_FILES),
  nft: look(FILTERS, 'nft list ruleset', 'nft -s list ruleset'),
  iptablesSave: look(FILTERS, 'iptables-save', ifThere('iptables-save', 'iptables-save')),
  ip6tablesSave: look(FILTERS, 'ip6tables-save', ifThere('ip6tables-save', 'ip6tables-save')),
  iptablesLegacySave: look(
    FILTERS,
    'iptables-legacy-save',
    legacy('/proc/net/ip_tables_names', 'iptables-legacy-save'),
  ),
  ip6tablesLegacySave: look(
    FILTERS,
    'ip6tables-legacy-save',
    legacy('/proc/net/ip6_tables_names', 'ip6tables-legacy-save'),
  ),
  ebtablesSave: look(
    FILTERS,
    'ebtables-save',
    ifThere('ebtables-save', 'case $(ebtables -V 2>/dev/null) in *nf_tables*) ebtables-save ;; esac'),
  ),
  udp: look('programs that listen', 'ss -lnup', 'ss -H -lnup'),
  tcp: look('programs that listen', 'ss -lntp', 'ss -H -lntp'),
  dnsmasq: look('dnsmasq of networks', '/run/libvirt/network', DNSMASQ),
  resolver: look('the resolver', '/etc/resolv.conf', 'cat /etc/resolv.conf'),
  hooks: look('hooks of networks', '/etc/libvirt/hooks', HOOKS),
  sockets: look("libvirt's sockets", 'ls -l /run/libvirt', 'ls -l /run/libvirt/*-sock 2>/dev/null; :'),
  log: look("libvirt's log", '/var/log/libvirt', LOG),
  backend: look(
    "libvirt's settings",
    '/etc/libvirt/network.conf',
    "grep -hs '^firewall_backend' /etc/libvirt/network.conf; :",
  ),
  firewalld: look("firewalld's zones", 'firewall-cmd --get-active-zones', FIREWALLD),
} satisfies Readonly<Record<string, Look>>;

/** Name of a look. */
export type LookName = keyof typeof LOOKS;
