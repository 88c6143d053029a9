import { describe, expect, it } from 'vitest';
import { wholeBridge } from '../../src/host-bridge/canonical.js';
import { HostBridge } from '../../src/host-bridge/host-bridge.js';
import { CARDS, expressible, fixedBridge, randomBridge } from '../support/bridges.js';
import { cards, kernelFacts, REPORT, wantedFacts } from '../support/kernel.js';
import { needs } from '../support/needs.js';
import { ifquery, onHosts } from '../support/parsers.js';
import { announce, runs } from '../support/random.js';

needs('host network programs');

const contentOf = (bridge: HostBridge): string => bridge.render('ifupdown').files[0]?.content ?? '';

/** What ifupdown says that it understood: addresses with their prefixes, and the other options. */
function understood(content: string, device: string) {
  const { status, said } = ifquery(content, device);
  const addresses: string[] = [];
  const options: Record<string, string> = {};
  for (const line of said.split('\n')) {
    const [, key = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
    if (key === 'address') addresses.push(value);
    else if (key === 'netmask') addresses.push(`${addresses.pop()}/${prefixOf(value)}`);
    else if (key === 'up') options[`up ${value}`] = '';
    else options[key] ??= value;
  }
  return { status, addresses, options };
}

const prefixOf = (mask: string): number =>
  mask.includes('.')
    ? mask.split('.').reduce((bits, byte) => bits + Number(byte).toString(2).replaceAll('0', '').length, 0)
    : Number(mask);

/** What it must say, taken from the model alone. */
function wanted(bridge: HostBridge) {
  const { mac, mtu, ports, stp, ageingTime, ipv4, ipv6, dns, routes } = wholeBridge(bridge.document);
  const routeText = routes.map(({ to, via, metric, table, onLink }) =>
    [
      `up ip route add ${to}`,
      ...(via === undefined ? [] : [`via ${via}`]),
      `dev ${bridge.name}`,
      ...(metric === undefined ? [] : [`metric ${metric}`]),
      ...(table === undefined ? [] : [`table ${table}`]),
      ...(onLink ? ['onlink'] : []),
    ].join(' '),
  );
  const options: Record<string, unknown> = {
    'bridge-ports': ports.length === 0 ? 'none' : ports.map(({ name }) => name).join(' '),
    'bridge-stp': stp.enabled ? 'on' : 'off',
    'bridge-fd': stp.forwardDelay ?? (stp.enabled ? undefined : 0),
    'bridge-hello': stp.helloTime,
    'bridge-maxage': stp.maxAge,
    'bridge-bridgeprio': stp.priority,
    'bridge-ageing': ageingTime,
    hwaddress: mac === 'kernel' ? undefined : mac,
    ...(ipv4.auto === undefined ? { mtu } : {}),
    'dns-nameservers': dns?.servers?.join(' '),
    'dns-search': dns?.search?.join(' '),
    gateway: ipv4.gateway ?? ipv6.gateway,
    ...Object.fromEntries(routeText.map((text) => [text, ''])),
  };
  return { addresses: [...(ipv4.addresses ?? []), ...(ipv6.addresses ?? [])], options };
}

describe('ifupdown itself understands what is written for it', () => {
  it('as its own query shows', () => {
    const count = runs(300);
    const random = announce('ifupdown stanzas', count);
    for (let i = 0; i < count; i++) {
      const bridge = expressible(randomBridge(random), 'ifupdown');
      const content = contentOf(bridge);
      const { status, addresses, options } = understood(content, bridge.name);
      const { addresses: given, options: asked } = wanted(bridge);
      expect(status, content).toBe(0);
      expect(addresses, content).toEqual(given);
      for (const [key, value] of Object.entries(asked))
        expect(options[key], `${key} in\n${content}`).toBe(value === undefined ? undefined : String(value));
    }
  });

  it('and tells a broken variant apart', () => {
    const bridge = HostBridge.create('br0').port('eno1').address('10.0.0.2/24').mac('52:54:00:01:02:03');
    const content = contentOf(bridge);
    expect(understood(content, 'br0').addresses).toEqual(['10.0.0.2/24']);
    expect(understood(content.replace('/24', '/25'), 'br0').addresses).not.toEqual(['10.0.0.2/24']);
    expect(understood(content.replace('inet static', 'inet statik'), 'br0').status).not.toBe(0);
    expect(understood(content.replace('bridge-stp', 'bridge-spt'), 'br0').options['bridge-stp']).toBeUndefined();
  });

  it('and the kernel then has the same bridge', () => {
    const count = Math.ceil(runs(300) / 3);
    const random = announce('bridges by ifup', count);
    const bridges = Array.from({ length: count }, () => expressible(fixedBridge(random), 'ifupdown'));
    const printed = onHosts(bridges.map(caseOf));
    bridges.forEach((bridge, i) => {
      expect(printed[i], contentOf(bridge)).not.toContain('FAILED');
      expect(kernelFacts(printed[i] ?? '', bridge), contentOf(bridge)).toEqual(wantedFacts(bridge));
    });
  });
});

const caseOf = (bridge: HostBridge) => {
  const { files, apply } = bridge.render('ifupdown');
  const file = `files${files[0]?.path}`;
  const commands = apply
    .filter(([program]) => program === 'ifup')
    .map(([program, device]) => `${program} -i ${file} ${device} || echo FAILED ${device}`);
  return { files, script: [cards(CARDS), ...commands, REPORT].join('\n') };
};
