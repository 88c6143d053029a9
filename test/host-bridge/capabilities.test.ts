import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BridgeUnsupportedError } from '../../src/errors/index.js';
import { BRIDGE_FIELDS, type BridgeField } from '../../src/host-bridge/capabilities.js';
import type { HostBridgeDocument } from '../../src/host-bridge/document.js';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { BACKENDS } from '../../src/host-bridge/render/backends.js';
import { run } from '../support/run.js';

const nic = { type: 'nic', name: 'eno1' } as const;
const bond = { type: 'bond', name: 'bond0', devices: ['eno2'], mode: '802.3ad', monitorInterval: 0.1 } as const;
const vxlan = { type: 'vxlan', name: 'vx0', id: 42, remotes: ['10.8.0.2'] } as const;
const group = { type: 'vxlan', name: 'vx0', id: 42, group: '239.1.1.1', device: 'eno9' } as const;
const fixed = { addresses: ['10.0.0.2/24'], gateway: '10.0.0.1' };
const route = { to: '10.9.0.0/16', via: '10.0.0.3' };

/** For each field the smallest bridge that uses it, and where. */
const USES: Readonly<Record<BridgeField, readonly [path: string, document: Partial<HostBridgeDocument>]>> = {
  mac: ['mac', { mac: '52:54:00:01:02:03' }],
  mtu: ['mtu', { mtu: 1400 }],
  stp: ['stp.enabled', { stp: { enabled: true } }],
  forwardDelay: ['stp.forwardDelay', { stp: { enabled: true, forwardDelay: 4 } }],
  helloTime: ['stp.helloTime', { stp: { enabled: true, helloTime: 1 } }],
  maxAge: ['stp.maxAge', { stp: { enabled: true, maxAge: 10 } }],
  priority: ['stp.priority', { stp: { enabled: true, priority: 4096 } }],
  ageingTime: ['ageingTime', { ageingTime: 60 }],
  multicastSnooping: ['multicastSnooping', { multicastSnooping: false }],
  vlanFiltering: ['vlanFiltering', { vlanFiltering: {} }],
  defaultPvid: ['vlanFiltering.defaultPvid', { vlanFiltering: { defaultPvid: 7 } }],
  ownVlans: ['vlanFiltering.vlans', { vlanFiltering: { vlans: [{ id: 7 }] } }],
  nicPort: ['ports[0]', { ports: [nic] }],
  vlanPort: ['ports[0]', { ports: [{ type: 'vlan', name: 'eno1.7', id: 7, parent: nic }] }],
  bondPort: ['ports[0]', { ports: [bond] }],
  vxlanPort: ['ports[0]', { ports: [vxlan] }],
  vxlanRemotes: ['ports[0].remotes', { ports: [{ ...vxlan, remotes: ['10.8.0.2', '10.8.0.3'] }] }],
  vxlanGroup: ['ports[0].group', { ports: [group] }],
  vxlanDevice: ['ports[0].device', { ports: [{ ...vxlan, device: 'eno9' }] }],
  vxlanLearning: ['ports[0].learning', { ports: [{ ...vxlan, learning: false }] }],
  bondMonitor: ['ports[0].monitorInterval', { ports: [bond] }],
  lacpRate: ['ports[0].lacpRate', { ports: [{ ...bond, lacpRate: 'fast' }] }],
  hashPolicy: ['ports[0].transmitHashPolicy', { ports: [{ ...bond, transmitHashPolicy: 'layer3+4' }] }],
  bondPrimary: ['ports[0].primary', { ports: [{ ...bond, mode: 'active-backup', primary: 'eno2' }] }],
  portMtu: ['ports[0].mtu', { ports: [{ ...nic, mtu: 9000 }] }],
  pathCost: ['ports[0].pathCost', { ports: [{ ...nic, pathCost: 50 }] }],
  portPriority: ['ports[0].priority', { ports: [{ ...nic, priority: 20 }] }],
  hairpin: ['ports[0].hairpin', { ports: [{ ...nic, hairpin: true }] }],
  isolated: ['ports[0].isolated', { ports: [{ ...nic, isolated: true }] }],
  portVlans: ['ports[0].vlans', { vlanFiltering: {}, ports: [{ ...nic, vlans: [{ id: 7 }] }] }],
  dhcp4: ['ipv4.auto', { ipv4: { auto: 'dhcp' } }],
  clientId: ['ipv4.clientId', { ipv4: { auto: 'dhcp', clientId: 'mac' } }],
  addresses4: ['ipv4.addresses', { ipv4: { addresses: fixed.addresses } }],
  gateway4: ['ipv4.gateway', { ipv4: fixed }],
  slaac: ['ipv6.auto', { ipv6: { auto: 'slaac' } }],
  dhcp6: ['ipv6.auto', { ipv6: { auto: 'dhcp' } }],
  autoMetric4: ['ipv4.routeMetric', { ipv4: { auto: 'dhcp', routeMetric: 5 } }],
  autoMetric6: ['ipv6.routeMetric', { ipv6: { auto: 'slaac', routeMetric: 5 } }],
  noDns4: ['ipv4.useDns', { ipv4: { auto: 'dhcp', useDns: false } }],
  noDns6: ['ipv6.useDns', { ipv6: { auto: 'slaac', useDns: false } }],
  addresses6: ['ipv6.addresses', { ipv6: { addresses: ['2001:db8::2/64'] } }],
  gateway6: ['ipv6.gateway', { ipv6: { addresses: ['2001:db8::2/64'], gateway: 'fe80::1' } }],
  dnsServers: ['dns.servers', { ipv4: fixed, dns: { servers: ['10.0.0.53'] } }],
  dnsSearch: ['dns.search', { ipv4: fixed, dns: { search: ['lan.test'] } }],
  routes: ['routes[0]', { ipv4: fixed, routes: [route] }],
  routeMetric: ['routes[0].metric', { ipv4: fixed, routes: [{ ...route, metric: 5 }] }],
  routeTable: ['routes[0].table', { ipv4: fixed, routes: [{ ...route, table: 5 }] }],
  routeOnLink: ['routes[0].onLink', { ipv4: fixed, routes: [{ ...route, onLink: true }] }],
  autostart: ['autostart', { autostart: false }],
};

describe('the capability matrix is what the renderers do', () => {
  for (const backend of BACKENDS) {
    it(`${backend.name} refuses what it cannot express, with its reason and the systems that can, and takes the rest`, () => {
      for (const field of Object.keys(BRIDGE_FIELDS) as BridgeField[]) {
        const [path, part] = USES[field];
        const bridge = HostBridge.from({ name: 'br0', mac: 'kernel', ...part });
        const lack = backend.lacks[field];
        const run = () => bridge.render(backend.name, { macs: { eno1: '52:54:00:01:02:03' } });
        if (typeof lack !== 'string') {
          // What is a lack at times is not asked for here, unless the field is always one at first.
          if (lack === undefined) expect(fieldsRefused(run)).not.toContain(path);
          continue;
        }
        const error = thrown(run);
        expect(error, field).toBeInstanceOf(BridgeUnsupportedError);
        if (!(error instanceof BridgeUnsupportedError)) continue;
        expect(error.code).toBe('BRIDGE_FIELD_UNSUPPORTED');
        const found = error.fields.find((one) => one.path === path);
        expect(found?.reason, field).toBe(lack);
        expect(found?.alternatives).not.toContain(backend.name);
        expect(found?.alternatives.length, field).toBeGreaterThan(0);
        expect(error.message).toContain(path);
        for (const name of found?.alternatives ?? [])
          expect(
            fieldsRefused(() => bridge.render(name as typeof backend.name, { macs: { eno1: '52:54:00:01:02:03' } })),
          ).not.toContain(path);
      }
    });
  }

  it('every system that is asked for too much lists all of it at once', () => {
    const bridge = HostBridge.create('br0')
      .port('eno1', { pathCost: 50, hairpin: true })
      .dhcp4()
      .dns(['10.0.0.1'])
      .stp({ helloTime: 3 })
      .mac('52:54:00:01:02:03');
    expect(fieldsRefused(() => bridge.render('libvirt'))).toEqual([
      'ports[0].pathCost',
      'ports[0].hairpin',
      'mac',
      'stp.helloTime',
      'dns.servers',
    ]);
  });

  it('docs/host-bridges.md shows it', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const { stderr, status } = run(process.execPath, ['scripts/docs-host-bridges.mjs', '--check'], { cwd: root });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

function fieldsRefused(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof BridgeUnsupportedError) return error.fields.map(({ path }) => path);
    throw error;
  }
}

function thrown(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
