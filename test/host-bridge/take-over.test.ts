import { describe, expect, it } from 'vitest';
import { LibvirtError } from '../../src/errors/index.js';
import { type EditableSystem, HostBridge, readHostNetwork } from '../../src/host-bridge/index.js';
import { HOSTS, type RealisticHost } from '../support/hosts.js';
import { addressingIn, EDITABLE, sourcesOf, takeOver, wantedOf } from '../support/taken-over.js';

describe('a bridge takes over a device with all of its addressing', () => {
  for (const host of HOSTS)
    for (const system of EDITABLE)
      it(`${host.name}, ${system}`, () => {
        const { bridge, files } = takeOver(host, system);
        const { port, isAuto6, ...addressing } = addressingIn(system, files, host.device);
        expect(addressing).toEqual({ addresses: [], gateways: [], isDhcp: false });
        expect([port, isAuto6]).toEqual([bridge.name, false]);
        expect(addressingIn(system, files, bridge.name)).toMatchObject(wantedOf(host));
      });
});

const hostNamed = (name: string): RealisticHost => {
  const host = HOSTS.find((one) => one.name === name);
  if (host === undefined) throw new Error(`there is no host '${name}'`);
  return host;
};

describe('the options of bonds are read in the words of each system', () => {
  const wanted = {
    'a bond with LACP': { mode: '802.3ad', lacpRate: 'fast', transmitHashPolicy: 'layer3+4', monitorInterval: 0.1 },
    'an active-backup bond with a primary': { mode: 'active-backup', primary: 'eno1', monitorInterval: 1 },
  };
  for (const [name, port] of Object.entries(wanted))
    for (const system of EDITABLE)
      it(`${name}, ${system}`, () => {
        const { devices, warnings } = readHostNetwork(system, sourcesOf(hostNamed(name).files[system]));
        expect(devices.find((one) => one.name === 'bond0')?.port).toMatchObject({ devices: ['eno1', 'eno2'], ...port });
        expect(warnings.filter(({ message }) => /bond0|eno[12]/.test(message))).toEqual([]);
      });
});

describe('a bond that a bridge does not work on is named, whoever has written it', () => {
  const bondFiles = (system: EditableSystem, mode: string | undefined): readonly (readonly [string, string])[] => {
    const set = (key: string): string => (mode === undefined ? '' : `${key}${mode}\n`);
    const nm = '/etc/NetworkManager/system-connections';
    const nd = '/etc/systemd/network';
    const files = {
      netplan: [
        [
          '/etc/netplan/a.yaml',
          `network:\n  ethernets: {eno1: {}}\n  bonds:\n    bond0:\n      interfaces: [eno1]\n      dhcp4: true\n${mode === undefined ? '' : `      parameters: {mode: ${mode}}\n`}`,
        ],
      ],
      networkmanager: [
        [
          `${nm}/b.nmconnection`,
          `[connection]\nid=bond0\ntype=bond\ninterface-name=bond0\n[bond]\n${set('mode=')}[ipv4]\nmethod=auto\n`,
        ],
        [
          `${nm}/e.nmconnection`,
          '[connection]\nid=e\ntype=ethernet\ninterface-name=eno1\nmaster=bond0\nslave-type=bond\n',
        ],
      ],
      networkd: [
        [`${nd}/b.netdev`, `[NetDev]\nName=bond0\nKind=bond\n[Bond]\n${set('Mode=')}`],
        [`${nd}/b.network`, '[Match]\nName=bond0\n[Network]\nDHCP=yes\n'],
        [`${nd}/e.network`, '[Match]\nName=eno1\n[Network]\nBond=bond0\n'],
      ],
      ifupdown: [
        ['/etc/network/interfaces', `auto bond0\niface bond0 inet dhcp\n  bond-slaves eno1\n${set('  bond-mode ')}`],
      ],
    } as const;
    return files[system];
  };
  // netplan takes names alone.
  const modes = (system: EditableSystem) =>
    system === 'netplan' ? ['broadcast', undefined] : ['broadcast', '3', '6', undefined];
  for (const system of EDITABLE)
    for (const mode of modes(system))
      it(`${system}, ${mode === undefined ? 'with the mode that it has by itself' : `mode ${mode}`}`, () => {
        const sources = bondFiles(system, mode).map(([path, content]) => ({ path, content }));
        const bridge = HostBridge.takeOver('bond0', readHostNetwork(system, sources));
        const codes = bridge.validate().map(({ code }) => code);
        // The kernel watches the links in mode 6 by itself.
        expect(codes).toEqual(mode === '6' ? ['HB_BOND_MODE'] : ['HB_BOND_MODE', 'HB_BOND_MONITOR']);
        const { warnings } = bridge.render(system, { macs: { bond0: '52:54:00:00:00:01' } });
        expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(codes));
      });
});

describe('what DHCP gives is taken by the bridge as the card took it', () => {
  const files = {
    netplan: [
      '/etc/netplan/a.yaml',
      'network:\n  ethernets:\n    eno1:\n      dhcp4: true\n      dhcp4-overrides: {route-metric: 300, use-dns: false}\n',
    ],
    networkmanager: [
      '/etc/NetworkManager/system-connections/a.nmconnection',
      '[connection]\nid=eno1\ntype=ethernet\ninterface-name=eno1\n[ipv4]\nmethod=auto\nroute-metric=300\nignore-auto-dns=true\n',
    ],
    networkd: [
      '/etc/systemd/network/a.network',
      '[Match]\nName=eno1\n[Network]\nDHCP=ipv4\n[DHCPv4]\nRouteMetric=300\nUseDNS=no\n',
    ],
    ifupdown: ['/etc/network/interfaces', 'auto eno1\niface eno1 inet dhcp\n  metric 300\n'],
  } as const;
  for (const system of EDITABLE)
    it(system, () => {
      const [path, content] = files[system];
      const network = readHostNetwork(system, [{ path, content }]);
      const rendering = HostBridge.takeOver('eno1', network).render(system, { macs: { eno1: '52:54:00:00:00:01' } });
      const { ipv4 } = readHostNetwork(system, rendering.files).devices.find(({ name }) => name === 'br0') ?? {};
      const dns = system === 'ifupdown' ? {} : { useDns: false };
      expect(network.warnings).toEqual([]);
      expect(ipv4).toEqual({ auto: 'dhcp', routeMetric: 300, ...dns, addresses: [] });
    });
});

describe('files of a host are edited where they are', () => {
  const host = hostNamed('a fixed address');

  it('comments, other devices and other settings stay', () => {
    const contents = EDITABLE.map((system) => takeOver(host, system).files[0]?.content ?? '');
    const changed = EDITABLE.map((system) =>
      takeOver(host, system)
        .rendering.files.map(({ content }) => content)
        .join('\n'),
    );
    expect(changed[0]).toContain('# the office LAN\n');
    expect(changed[0]).toContain('    enp4s0:\n      dhcp4: true\n');
    expect(changed[1]).toContain('# written by hand\n[connection]\nid=enp3s0\n');
    expect(contents[1]).toContain('id=enp4s0');
    expect(changed[2]).toContain(
      '# uplink of the rack\n[Match]\nName=enp3s0\n\n[Network]\n# ask Ana before you change this\n',
    );
    expect(changed[3]).toContain('# The primary network interface\nallow-hotplug enp3s0\niface enp3s0 inet manual\n');
  });

  it('a card that is in a bridge already gets that bridge, and netplan changes nothing but the silence of the card', () => {
    const { bridge, rendering } = takeOver(hostNamed('a card that is in a bridge already'), 'netplan');
    expect(bridge.name).toBe('br0');
    expect(rendering.files.map(({ path }) => path)).toEqual(['/etc/netplan/01-host.yaml']);
  });

  it('a file of cloud-init is named in a warning', () => {
    const { rendering } = takeOver(hostNamed('settings over two files, one of them written by cloud-init'), 'netplan');
    expect(rendering.warnings.map(({ code }) => code)).toContain('HB_CLOUD_INIT');
    expect(rendering.warnings.map(({ code }) => code)).not.toContain('HB_NETPLAN_MERGES');
  });

  it('a change of the bridge keeps the files', () => {
    const network = readHostNetwork('netplan', sourcesOf(host.files.netplan));
    const bridge = HostBridge.takeOver('enp3s0', network, { name: 'lan' }).mac('52:54:00:00:00:07').port('enp9s0');
    const { files } = bridge.render('netplan');
    expect(files.map(({ path }) => path)).toEqual(['/etc/netplan/01-host.yaml', '/etc/netplan/90-lan.yaml']);
    expect(files[1]?.content).toContain('ethernets:\n    enp9s0:');
    expect(bridge.render('networkd').files.map(({ path }) => path)).toContain('/etc/systemd/network/05-enp3s0.network');
  });

  it('aliases of netplan are written out, and the other device keeps its settings', () => {
    const path = '/etc/netplan/a.yaml';
    const content = 'network:\n  ethernets:\n    eno1: &card\n      dhcp4: true # both\n    eno2: *card\n';
    const network = readHostNetwork('netplan', [{ path, content }]);
    const { files } = HostBridge.takeOver('eno1', network).render('netplan', { macs: { eno1: '52:54:00:00:00:01' } });
    expect(addressingIn('netplan', files, 'eno2').isDhcp).toBe(true);
    expect(addressingIn('netplan', files, 'eno1').isDhcp).toBe(false);
  });

  it('a file of networkd for several devices stays, and the port gets one of its own before it', () => {
    const path = '/etc/systemd/network/20-all.network';
    const content = '[Match]\nName=en*\n\n[Link]\nMTUBytes=1400\n\n[Network]\nDHCP=yes\nNTP=192.0.2.1\n';
    const network = readHostNetwork('networkd', [{ path, content }], { devices: ['eno1', 'eno2'] });
    const { files } = HostBridge.takeOver('eno1', network).render('networkd', { macs: { eno1: '52:54:00:00:00:01' } });
    const [own] = files;
    expect(own?.path).toBe('/etc/systemd/network/05-eno1.network');
    expect(own?.content).toBe(
      '[Match]\nName=eno1\n\n[Link]\nMTUBytes=1400\n\n[Network]\nNTP=192.0.2.1\nLinkLocalAddressing=no\nBridge=br0\n',
    );
    expect(files.map((file) => file.path)).not.toContain(path);
  });

  it('a VLAN that is new is named in the file of its parent', () => {
    const path = '/etc/systemd/network/eno1.network';
    const network = readHostNetwork('networkd', [{ path, content: '[Match]\nName=eno1\n[Network]\nDHCP=yes\n' }]);
    const bridge = HostBridge.create('br0').vlanPort('eno1', 7).mac('52:54:00:00:00:07');
    const { files, warnings } = bridge.render('networkd', { host: network });
    expect(files.find((file) => file.path === path)?.content).toBe(
      '[Match]\nName=eno1\n[Network]\nDHCP=yes\nVLAN=eno1.7\n',
    );
    expect(warnings.map(({ code }) => code)).not.toContain('HB_PARENT_WITHOUT_ADDRESS');
  });
});

describe('what cannot be taken over is refused', () => {
  const network = readHostNetwork('networkd', sourcesOf(hostNamed('a bond with LACP').files.networkd));
  const bridged = readHostNetwork(
    'ifupdown',
    sourcesOf(hostNamed('a card that is in a bridge already').files.ifupdown),
  );

  it('a device that is not there, a device in a bond, a bridge, and a bridge of another name', () => {
    expect(() => HostBridge.takeOver('eno9', network)).toThrow(/no device 'eno9' in the files/);
    expect(() => HostBridge.takeOver('eno1', network)).toThrow(/it is in the bond bond0/);
    expect(() => HostBridge.takeOver('br0', bridged)).toThrow(/it is a bridge itself/);
    expect(() => HostBridge.takeOver('eno1', bridged, { name: 'lan' })).toThrow(/it is in br0/);
    expect(() => readHostNetwork(JSON.parse('"wicked"'), [])).toThrow(/files of 'wicked'/);
  });

  it('tells what to do where the files describe no device, or one that goes by its id', () => {
    const hintOf = (content: string): unknown => {
      const path = '/etc/NetworkManager/system-connections/a.nmconnection';
      try {
        HostBridge.takeOver('enp3s0', readHostNetwork('networkmanager', content === '' ? [] : [{ path, content }]));
      } catch (error) {
        return error instanceof LibvirtError ? error.hint : error;
      }
      return undefined;
    };
    expect(hintOf('')).toMatch(/describe no device: pass all files of networkmanager/);
    expect(hintOf('[connection]\nid=Wired\ntype=ethernet\n')).toMatch(/Wired; a profile without interface-name/);
  });
});
