import { Network, type NetworkDocument } from '../../src/index.js';
import type { Ip } from '../../src/schema/network/ip.js';
import { macOf, networkOf } from './networks.js';
import type { Random } from './random.js';

/** A list with some entries gone, some changed and some new ones, at any place. */
function changedList<T>(random: Random, list: readonly T[] = [], make: (i: number) => T, change: (item: T) => T): T[] {
  const kept = list.filter(() => random.chance(0.7)).map((item) => (random.chance(0.3) ? change(item) : item));
  for (let i = random.int(0, 2); i > 0; i--) kept.splice(random.int(0, kept.length), 0, make(i));
  return kept;
}

const word = (random: Random): string => `w${random.int(1, 9999)}`;

function changedIp(random: Random, ip: Ip): Ip {
  if (!random.chance(0.7)) return ip;
  const base = ip.address.replace(/1$/, '');
  const isIpv6 = ip.family === 'ipv6';
  const at = (n: number) => `${base}${isIpv6 ? n.toString(16) : n}`;
  const dhcp = ip.dhcp ?? {};
  const start = random.int(100, 180);
  const ranges = changedList(
    random,
    dhcp.ranges,
    (i) => ({ start: at(start + i * 20), end: at(start + i * 20 + 9) }),
    (range) => ({ ...range, lease: { expiry: random.int(3, 99), unit: 'hours' as const } }),
  );
  const hosts = changedList(
    random,
    dhcp.hosts,
    (i) => ({ ...(isIpv6 ? {} : { mac: macOf(random) }), name: word(random), ip: at(40 + i * 9 + random.int(0, 8)) }),
    (host) =>
      random.chance(0.5)
        ? { ...host, name: word(random) }
        : { ...host, ip: at(random.int(60, 90)), ...(random.chance(0.3) ? { name: word(random) } : {}) },
  );
  return { ...ip, dhcp: { ...dhcp, ranges, hosts } };
}

/** Names stand for one entry of a list; libvirt's net-update goes by them. */
function unique<T>(list: readonly T[], key: (item: T) => unknown): T[] {
  const seen = new Set<unknown>();
  return list.filter((item) => {
    const own = key(item);
    if (own !== undefined && seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}

const uniqueHosts = (ip: Ip): Ip => {
  const hosts = unique(
    unique(
      unique(ip.dhcp?.hosts ?? [], (host) => host.mac),
      (host) => host.name,
    ),
    (host) => host.ip,
  );
  return ip.dhcp === undefined
    ? ip
    : {
        ...ip,
        dhcp: { ...ip.dhcp, hosts, ranges: unique(ip.dhcp.ranges ?? [], ({ start, end }) => `${start} ${end}`) },
      };
};

/** One subnet of each family serves DHCP. */
function singleDhcp(ips: readonly Ip[]): Ip[] {
  const seen = new Set<string>();
  return ips.map((ip) => {
    const family = ip.family ?? 'ipv4';
    const serves = (ip.dhcp?.ranges?.length ?? 0) + (ip.dhcp?.hosts?.length ?? 0) > 0;
    if (!serves || !seen.has(family)) {
      if (serves) seen.add(family);
      return ip;
    }
    const { dhcp: _, ...rest } = ip;
    return rest;
  });
}

/** The same network with other entries in the sections that `net-update` changes, as they can be. */
export function changedEntries(random: Random, document: NetworkDocument): NetworkDocument {
  const { dns = {}, forward } = document;
  const isLayer3 = document.ips !== undefined;
  const hosts = changedList(
    random,
    dns.hosts,
    () => ({ ip: `192.0.2.${random.int(1, 250)}`, hostnames: [word(random)] }),
    (host) => ({ ...host, hostnames: [...host.hostnames, word(random)] }),
  );
  const txts = changedList(
    random,
    dns.txts,
    () => ({ name: word(random), value: word(random) }),
    (txt) => ({ ...txt, value: word(random) }),
  );
  const srvs = changedList(
    random,
    dns.srvs,
    () => ({ service: word(random), protocol: 'tcp', target: 'a.lab.test', port: random.int(1, 65_535) }),
    (srv) => (srv.target === undefined ? srv : { ...srv, port: random.int(1, 65_535) }),
  );
  const groups = changedList(
    random,
    document.portgroups,
    () => ({ name: word(random) }),
    (group) => ({ ...group, trustGuestRxFilters: random.chance(0.5) }),
  );
  const isPool = forward?.interfaces !== undefined && forward.mode !== 'nat' && forward.mode !== 'route';
  const interfaces = changedList(
    random,
    forward?.interfaces,
    (i) => ({ dev: `ens9${i}` }),
    (one) => one,
  );
  return {
    ...document,
    ...(isLayer3
      ? {
          dns: {
            ...dns,
            hosts: unique(hosts, ({ ip }) => ip),
            txts: unique(txts, ({ name }) => name),
            srvs: unique(srvs, ({ service, protocol, domain, target }) => [service, protocol, domain, target].join()),
          },
          ips: singleDhcp((document.ips ?? []).map((ip) => uniqueHosts(changedIp(random, ip)))),
        }
      : {}),
    portgroups: unique(groups, ({ name }) => name),
    ...(isPool && interfaces.length > 0
      ? { forward: { ...forward, dev: interfaces[0]?.dev ?? '', interfaces: unique(interfaces, ({ dev }) => dev) } }
      : {}),
  };
}

/** A network that libvirt takes whole: without entries that its own net-update could not tell apart. */
export function plainNetwork(
  random: Random,
  name: string,
  modes: readonly Parameters<typeof networkOf>[1][],
): NetworkDocument {
  const { uuid: _, ...document } = networkOf(random, random.pick(modes));
  const { dns } = document;
  const whole: NetworkDocument = {
    ...document,
    name,
    ...(dns === undefined
      ? {}
      : {
          dns: {
            ...dns,
            hosts: unique(dns.hosts ?? [], ({ ip }) => ip),
            txts: unique(dns.txts ?? [], (txt) => txt.name),
            srvs: unique(dns.srvs ?? [], ({ service }) => service),
          },
        }),
    ...(document.ips === undefined ? {} : { ips: singleDhcp(document.ips.map(uniqueHosts)) }),
  };
  return Network.from(whole).document;
}
