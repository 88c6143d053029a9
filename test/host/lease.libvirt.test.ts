import { expect, it, type TestContext, vi } from 'vitest';
import { applyHostBridge } from '../../src/host/index.js';
import { type EditableSystem, HostBridge, readHostNetwork, type TakeOverOptions } from '../../src/host-bridge/index.js';
import { type LabHost, startHost } from '../lab/index.js';
import { installIfupdown } from '../support/ifupdown.js';
import { needs } from '../support/needs.js';
import { startNetworkd } from '../support/networkd.js';
import { startNetworkManager } from '../support/networkmanager.js';
import { thinned } from '../support/random.js';

needs('namespaces', 'systemd-networkd', 'NetworkManager', 'ifupdown');

const SERVER = `ip netns exec lan dnsmasq --port=0 --bind-interfaces --interface=lan --no-hosts --conf-file=/dev/null --no-ping \
  --dhcp-range=10.77.0.100,10.77.0.150,1h --dhcp-leasefile=/run/leases --pid-file=/run/dnsmasq.pid --user=root`;
const CLEAN = 'ip addr flush dev eno1 scope global; ip -6 route flush dev eno1 proto static; ip route flush table 77';

const isLease = ({ code }: { readonly code: string }): boolean => code === 'HOST_LEASE';
const OTHER_MAC = '52:54:00:77:00:99';

/** A system on a real host, whose card has its address from a server. */
interface Way {
  readonly path: string;
  /** The file of the card, with a line about its DHCP identity. */
  readonly content: (line: string) => string;
  /** Brings up the card by that file. */
  readonly start: (lab: LabHost) => void;
  /** Ends what holds the address of the card, where the system does not. */
  readonly letGo: string;
}

const WAYS: { readonly [S in Exclude<EditableSystem, 'netplan'>]: Way } = {
  networkd: {
    path: '/etc/systemd/network/20-eno1.network',
    content: (line) => `[Match]\nName=eno1\n[Network]\nDHCP=ipv4\nIPv6AcceptRA=no\n[DHCPv4]\n${line}\n`,
    start: startNetworkd,
    letGo: ':',
  },
  networkmanager: {
    path: '/etc/NetworkManager/system-connections/eno1.nmconnection',
    content: (line) =>
      `[connection]\nid=eno1\nuuid=11111111-1111-4111-8111-111111111111\ntype=ethernet\ninterface-name=eno1\n[ipv4]\nmethod=auto\n${line}\n[ipv6]\nmethod=disabled\n`,
    start: startNetworkManager,
    letGo: ':',
  },
  ifupdown: {
    path: '/etc/network/interfaces.d/eno1',
    content: (line) => `auto eno1\niface eno1 inet dhcp\n  ${line}\n`,
    start: (lab) => {
      // A DUID of yesterday: those that dhclient makes within one second are the same.
      lab.sh(`${CLEAN}; mkdir -p /var/lib/dhcp
        printf 'default-duid "\\\\000\\\\001\\\\000\\\\001\\\\061\\\\234=XRT\\\\000w\\\\000\\\\001";\\n' >/var/lib/dhcp/dhclient.eno1.leases
        ifup eno1 >/run/ifup.log 2>&1`);
    },
    letGo: 'kill $(cat /run/dhclient.eno1.pid); ip addr flush dev eno1',
  },
};

const address = (lab: LabHost, device: string) =>
  vi.waitFor(
    () => {
      const [, found] = /inet (\S+)\//.exec(lab.sh(`ip -4 addr show dev ${device}`)) ?? [];
      expect(found, device).toMatch(/^10\.77\.0\.1\d\d$/);
      return found;
    },
    { timeout: 30_000, interval: 100 },
  );

/** Takes over the card of a host; says whether the address was kept, and whether a warning said that it may not be. */
async function takenOver(test: TestContext, system: keyof typeof WAYS, line: string, options: TakeOverOptions) {
  const { path, content, start, letGo } = WAYS[system];
  const lab = await startHost();
  test.onTestFinished(() => lab.end());
  lab.sh(SERVER);
  if (system === 'ifupdown') installIfupdown(lab);
  const source = { path, content: content(line) };
  if (system === 'ifupdown') lab.sh(`cat >${path} <<'END'\n${source.content}END`);
  start(lab);
  if (system !== 'ifupdown')
    lab.sh(`${CLEAN}; cat >${path} <<'END'\n${source.content}END
      case ${system} in networkd) networkctl reload ;; *) nmcli connection reload; nmcli -w 20 connection up eno1 ;; esac`);
  const before = await address(lab, 'eno1');
  const bridge = HostBridge.takeOver('eno1', readHostNetwork(system, [source]), options);
  const plansWarning = async (planned: HostBridge) =>
    (await applyHostBridge(planned, { runner: lab.runner, dryRun: true })).warnings.some(isLease);
  expect(await plansWarning(bridge.mac(OTHER_MAC))).toBe(true);
  const warnsBefore = await plansWarning(bridge);
  const { files, apply, warnings } = bridge.render(system, { macs: { eno1: '52:54:00:77:00:01' } });
  for (const file of files)
    lab.sh(`umask 077; cat >${file.path} <<'END'\n${file.content}END\nchmod ${file.mode.toString(8)} ${file.path}`);
  lab.sh(letGo);
  for (const words of apply) lab.sh(words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' '));
  const after = await address(lab, 'br0');
  const warns = warnings.some(isLease);
  // A plan for ifupdown warns of the moment between the trial and the start of the client as well.
  expect(warnsBefore).toBe(warns || system === 'ifupdown');
  return { isKept: after === before, warns };
}

const KEPT = { isKept: true, warns: false };
const LOST = { isKept: false, warns: true };

type Case = readonly [system: keyof typeof WAYS, line: string, options: TakeOverOptions, wanted: typeof KEPT];

const CASES: readonly Case[] = [
  ['networkd', 'ClientIdentifier=mac', {}, KEPT],
  ['ifupdown', '', {}, KEPT],
  ['networkmanager', '', {}, KEPT],
  ['ifupdown', 'client no', {}, KEPT],
  ['networkd', 'ClientIdentifier=duid', { clientId: 'mac' }, LOST],
  ['networkmanager', 'dhcp-client-id=mac', { clientId: 'duid' }, LOST],
];

for (const [system, line, options, wanted] of thinned('leases of cards that a bridge takes over', CASES, 3)) {
  const what = `${system}${line === '' ? '' : ` with ${line}`}, a bridge with ${options.clientId ?? 'the same'}`;
  it(`the address of a card by ${what} is ${wanted.isKept ? 'kept' : 'another one, as a warning says'}`, async (test) => {
    expect(await takenOver(test, system, line, options)).toEqual(wanted);
  }, 90_000);
}
