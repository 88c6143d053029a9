import { describe, expect, it } from 'vitest';
import { HOSTS } from '../support/hosts.js';
import { setBy } from '../support/ifup-words.js';
import { needs } from '../support/needs.js';
import { ifupCommands, netplanGenerate, nmcliOffline, onHosts } from '../support/parsers.js';
import { addressingIn, takeOver, wantedOf } from '../support/taken-over.js';

needs('host network programs', 'systemd-networkd');

describe('netplan itself reads the edited files without a complaint', () => {
  for (const host of HOSTS)
    it(`${host.name}: the bridge has all of the addressing, the device none`, () => {
      const { bridge, files } = takeOver(host, 'netplan');
      const { status, said, files: made } = netplanGenerate(files, 'networkd');
      expect(said).toBe('');
      expect(status).toBe(0);
      const own = made
        .filter(({ path }) => path.endsWith(`-${host.device}.network`))
        .map(({ content }) => content)
        .join('');
      expect(own).toContain(`Bridge=${bridge.name}`);
      expect(own).not.toMatch(/^(?:Address|Gateway|DNS|DHCP)=|^\[Route\]/m);
      expect(addressingIn('networkd', made, bridge.name)).toMatchObject(wantedOf(host));
    });
});

describe('NetworkManager’s own library reads the edited profiles without a complaint', () => {
  for (const host of HOSTS)
    it(`${host.name}: the bridge has all of the addressing, the device none`, () => {
      const { bridge, files } = takeOver(host, 'networkmanager');
      const read = files.map(({ path, content }) => {
        const id = /^id=(.*)$/m.exec(content)?.[1] ?? '';
        const { status, said, profile } = nmcliOffline(['connection', 'modify', 'connection.id', id], content);
        expect([status, said], content).toEqual([0, '']);
        return { path, content: profile };
      });
      const port = read.find(({ content }) => content.includes('slave-type=bridge'))?.content ?? '';
      expect(port).toContain(`interface-name=${host.device}\n`);
      expect(port).not.toMatch(/^\[ipv[46]\]/m);
      expect(addressingIn('networkmanager', read, bridge.name)).toMatchObject(wantedOf(host));
    });
});

/** What the daemon complains about: each complaint names a file and a line. */
const complaints = (printed: string): readonly string[] =>
  printed.split('\n').filter((line) => /\/etc\/systemd\/network\/[^ ]*(:\d+)?: /.test(line));

/** The daemon says which file it takes for a device; cards are there, and bonds and VLANs as far as the kernel has them. */
const DAEMON = `
mount --bind files/etc/systemd/network /etc/systemd/network
for card in enp3s0 eno1 eno2 ens3; do ip link add $card type veth peer name p$card; ip link set $card address 52:54:00:12:34:56; done
SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0 SYSTEMD_LOG_LEVEL=debug timeout 2 /lib/systemd/systemd-networkd 2>&1 || true`;

describe('systemd-networkd itself reads the edited files without a complaint', () => {
  it('and takes them for the bridge and for the card', () => {
    const taken = HOSTS.map((host) => takeOver(host, 'networkd'));
    const printed = onHosts(
      taken.map(({ files }) => ({ script: DAEMON, files: files.map((file) => ({ ...file, mode: 0o644 })) })),
    );
    HOSTS.forEach((host, i) => {
      const said = printed[i] ?? '';
      expect(complaints(said), host.name).toEqual([]);
      expect(said, host.name).toMatch(/br0: found matching network '\/etc\/systemd\/network\/(?:05-)?br0\.network'/);
      const own = taken[i]?.files.filter(
        ({ content }) => content.includes(`Name=${host.device}\n`) && content.includes('Bridge=br0'),
      );
      expect(own, host.name).toHaveLength(1);
      expect(own?.[0]?.content, host.name).not.toMatch(/^(?:Address|Gateway|DNS|DHCP)=|^\[(?:Route|Address|DHCP.*)\]/m);
      if (/^en/.test(host.device) && !host.device.includes('.'))
        expect(said, host.name).toContain(`${host.device}: found matching network '${own?.[0]?.path}'`);
    });
  });
});

describe('ifupdown itself reads the edited files without a complaint', () => {
  for (const host of HOSTS)
    it(`${host.name}: the bridge has all of the addressing, the device none`, () => {
      const { bridge, files } = takeOver(host, 'ifupdown');
      const content = files.map((file) => file.content.replace(/^source .*$/m, '')).join('\n');
      const port = ifupCommands(content, [host.device]);
      expect([port.status, setBy(port.said, host.device)], port.said).toEqual([0, { addresses: [], gateways: [] }]);
      expect(port.said).not.toContain('dhclient');
      const { status, said } = ifupCommands(content, [bridge.name]);
      expect(status, said).toBe(0);
      const { addresses, gateways } = setBy(said, bridge.name);
      const isDhcp = /dhclient|udhcpc|dhcpcd/.test(said.replace(/ dhclient -6 .*/g, ''));
      expect({ addresses: [...addresses].sort(), gateways: [...gateways].sort(), isDhcp }).toEqual(wantedOf(host));
    });
});
