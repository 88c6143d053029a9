import { type ChassisFacts, INTEGRATION_BRIDGE } from './facts.js';
import { type ChassisLack, isElsewhere, mappingsOf, nameOfChassis } from './lacks.js';
import type { WantedChassis } from './options.js';

type Command = readonly string[];

/** The commands that mend what can be mended without touching the host's own bridges, devices and services. */
export function commandsFor(
  lacks: readonly ChassisLack[],
  facts: ChassisFacts,
  wanted: WantedChassis,
): readonly Command[] {
  const settings = settingsFor(lacks, facts, wanted);
  if (facts.openVswitch !== 'running') return [];
  return [
    ...(facts.bridges.has(INTEGRATION_BRIDGE) ? [] : [addBridge(facts)]),
    ...(settings.length === 0 ? [] : [['ovs-vsctl', 'set', 'Open_vSwitch', '.', ...settings.map(assignment)]]),
  ];
}

/** Without a controller the bridge passes nothing on. */
function addBridge({ settings }: ChassisFacts): Command {
  const datapath = settings.get('ovn-bridge-datapath-type');
  return [
    ...['ovs-vsctl', '--', '--may-exist', 'add-br', INTEGRATION_BRIDGE],
    ...['--', 'set', 'Bridge', INTEGRATION_BRIDGE, 'fail-mode=secure', 'other-config:disable-in-band=true'],
    ...(datapath === undefined ? [] : [`datapath-type=${JSON.stringify(datapath)}`]),
  ];
}

/** The value stands in quotes of its own: commas and colons would end it. */
const assignment = ([key, value]: readonly [string, string]): string => `external-ids:${key}=${JSON.stringify(value)}`;

function settingsFor(
  lacks: readonly ChassisLack[],
  facts: ChassisFacts,
  wanted: WantedChassis,
): readonly (readonly [string, string])[] {
  const parts = new Set(lacks.map(({ part }) => part));
  const name = nameOfChassis(facts, wanted);
  const mappings = new Map([...mappingsOf(facts), ...wanted.bridges]);
  const texts = [...mappings].map(([network, bridge]) => `${network}:${bridge}`);
  return [
    ...(parts.has('name') && name !== undefined ? [['system-id', name] as const] : []),
    ...(parts.has('southbound') ? [['ovn-remote', wanted.southbound.join(',')] as const] : []),
    ...(parts.has('encapsulation') ? [['ovn-encap-type', wanted.encapsulation] as const] : []),
    ...(parts.has('encapsulation-address') ? [['ovn-encap-ip', wanted.ip] as const] : []),
    ...(isElsewhere(facts) ? [['ovn-bridge', INTEGRATION_BRIDGE] as const] : []),
    ...(parts.has('bridge-mapping') ? [['ovn-bridge-mappings', texts.join(',')] as const] : []),
  ];
}
