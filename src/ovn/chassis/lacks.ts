import type { HostDevice } from '../../host-facts/devices.js';
import { parseAddress } from '../../schema/address.js';
import { type ChassisFacts, INTEGRATION_BRIDGE } from './facts.js';
import type { WantedChassis } from './options.js';

/** The part of a host that is not as OVN needs it. */
export type ChassisPart =
  | 'open-vswitch'
  | 'integration-bridge'
  | 'name'
  | 'southbound'
  | 'encapsulation'
  | 'encapsulation-address'
  | 'underlay-address'
  | 'underlay-mtu'
  | 'bridge-mapping'
  | 'mapped-bridge'
  | 'controller'
  | 'connection';

/** Something that a host lacks for OVN. */
export interface ChassisLack {
  readonly part: ChassisPart;
  /** The lack in words. */
  readonly what: string;
  /** What there is instead. Default: nothing. */
  readonly found?: string | undefined;
  /** What there should be. */
  readonly wanted?: string | undefined;
  /** What a person does about it; absent where the commands of the report do it. */
  readonly hint?: string | undefined;
}

/** The name that the chassis has or gets. */
export const nameOfChassis = ({ settings, hostName }: ChassisFacts, { name }: WantedChassis): string | undefined =>
  name ?? settings.get('system-id') ?? hostName;

/** Compares what a host has with what it should be. */
export function lacksOf(facts: ChassisFacts, wanted: WantedChassis): readonly ChassisLack[] {
  if (facts.openVswitch !== 'running') return [noOpenVswitch(facts.openVswitch)];
  const configured = [
    ...nameLacks(facts, wanted),
    ...settingLacks(facts, wanted),
    ...mappingLacks(facts, wanted),
    ...bridgeLacks(facts, wanted),
  ];
  return [...configured, ...underlayLacks(facts, wanted), ...controllerLacks(facts, configured.length > 0)];
}

const noOpenVswitch = (state: 'stopped' | 'absent'): ChassisLack =>
  state === 'absent'
    ? {
        part: 'open-vswitch',
        what: 'Open vSwitch is not installed',
        hint: 'install openvswitch-switch and ovn-host (Debian, Ubuntu), or openvswitch and ovn-host (Fedora)',
      }
    : {
        part: 'open-vswitch',
        what: 'Open vSwitch does not answer',
        hint: 'systemctl enable --now openvswitch-switch (Debian, Ubuntu), or openvswitch (Fedora)',
      };

function nameLacks(facts: ChassisFacts, wanted: WantedChassis): readonly ChassisLack[] {
  const [found, name] = [facts.settings.get('system-id'), nameOfChassis(facts, wanted)];
  if (name === undefined)
    return [{ part: 'name', what: 'the chassis has no name', hint: 'pass a name that no other host has' }];
  if (found === name) return [];
  return [{ part: 'name', what: 'the chassis has another name or none', found, wanted: name }];
}

function settingLacks({ settings }: ChassisFacts, wanted: WantedChassis): readonly ChassisLack[] {
  const { southbound, encapsulation, ip } = wanted;
  const lacks: ChassisLack[] = [];
  const found = settings.get('ovn-remote');
  if (!isSameList(found, southbound)) {
    const what = 'the controller has another southbound database or none';
    lacks.push({ part: 'southbound', what, found, wanted: southbound.join(',') });
  }
  const type = settings.get('ovn-encap-type');
  if (!partsOf(type).includes(encapsulation))
    lacks.push({
      part: 'encapsulation',
      what: 'tunnels are of another kind or none',
      found: type,
      wanted: encapsulation,
    });
  const address = settings.get('ovn-encap-ip');
  if (!partsOf(address).some((one) => parseAddress(one)?.text === ip))
    lacks.push({
      part: 'encapsulation-address',
      what: 'tunnels end at another address or none',
      found: address,
      wanted: ip,
    });
  return lacks;
}

const partsOf = (list: string | undefined): readonly string[] => list?.split(',').map((part) => part.trim()) ?? [];

const isSameList = (found: string | undefined, wanted: readonly string[]): boolean =>
  [...partsOf(found)].sort().join() === [...wanted].sort().join();

/** The bridges that the settings of a host map physical networks to. */
export const mappingsOf = ({ settings }: ChassisFacts): ReadonlyMap<string, string> =>
  new Map(
    partsOf(settings.get('ovn-bridge-mappings')).flatMap((part) => {
      const [network = '', bridge = ''] = part.split(':');
      return network === '' || bridge === '' ? [] : [[network, bridge]];
    }),
  );

function mappingLacks(facts: ChassisFacts, { bridges }: WantedChassis): readonly ChassisLack[] {
  const mappings = mappingsOf(facts);
  return [...bridges].flatMap(([network, bridge]): readonly ChassisLack[] => {
    const found = mappings.get(network);
    if (found === bridge) return [];
    const what = `the physical network "${network}" leads to ${found === undefined ? 'no bridge' : `another bridge, ${found}`}`;
    return [{ part: 'bridge-mapping', what, found, wanted: bridge }];
  });
}

/** Tells whether the controller of a host uses another bridge than the one that guests are plugged into. */
export const isElsewhere = ({ settings }: ChassisFacts): boolean =>
  ![undefined, INTEGRATION_BRIDGE].includes(settings.get('ovn-bridge'));

function integrationLacks(facts: ChassisFacts): readonly ChassisLack[] {
  const part = 'integration-bridge';
  const [found, wanted] = [facts.settings.get('ovn-bridge'), INTEGRATION_BRIDGE];
  return [
    ...(facts.bridges.has(wanted) ? [] : [{ part, what: `there is no bridge ${wanted}`, wanted } as const]),
    ...(isElsewhere(facts) ? [{ part, what: 'the controller uses another bridge', found, wanted } as const] : []),
  ];
}

function bridgeLacks(facts: ChassisFacts, { bridges }: WantedChassis): readonly ChassisLack[] {
  const missing = [...new Set(bridges.values())].filter((bridge) => !facts.bridges.has(bridge));
  const mapped = missing.map((bridge): ChassisLack => {
    const what = `Open vSwitch has no bridge "${bridge}" for a physical network`;
    const hint = `make it, with the NIC of that network: ovs-vsctl add-br ${bridge} -- add-port ${bridge} NIC. The host loses the addresses of the NIC`;
    return { part: 'mapped-bridge', what, wanted: bridge, hint };
  });
  return [...integrationLacks(facts), ...mapped];
}

/** The device of a host that has an address. */
export const deviceWith = (devices: readonly HostDevice[], ip: string): HostDevice | undefined =>
  devices.find(({ addresses }) => addresses.some(({ address }) => parseAddress(address)?.text === ip));

function underlayLacks({ devices }: ChassisFacts, { ip, mtu, overhead }: WantedChassis): readonly ChassisLack[] {
  if (devices === undefined) return [];
  const device = deviceWith(devices, ip);
  if (device === undefined)
    return [
      {
        part: 'underlay-address',
        what: `no device of the host has the address ${ip}`,
        wanted: ip,
        hint: 'give it to the device that leads to the other hosts, or pass the address that it has',
      },
    ];
  if (device.mtu >= mtu + overhead) return [];
  const what = `packets of guests with an MTU of ${mtu} do not fit into the underlay with ${overhead} bytes of the tunnel`;
  const hint = `raise the MTU of ${device.name} and of everything between the hosts, or give the networks .mtu(${device.mtu - overhead})`;
  return [{ part: 'underlay-mtu', what, found: `${device.mtu}`, wanted: `${mtu + overhead}`, hint }];
}

function controllerLacks({ controller }: ChassisFacts, isUnconfigured: boolean): readonly ChassisLack[] {
  if (controller === 'absent') {
    const hint = 'install ovn-host where it is missing, and systemctl enable --now ovn-controller';
    return [{ part: 'controller', what: 'ovn-controller does not run', hint }];
  }
  // Without its settings it cannot be connected.
  if (controller !== 'not connected' || isUnconfigured) return [];
  const hint = 'check that the southbound database listens there, and that this host reaches it';
  return [{ part: 'connection', what: 'ovn-controller is not connected to the southbound database', hint }];
}
