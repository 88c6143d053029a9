import { BOND_MODES } from '../../schema/interface.js';
import { compact } from '../../schema/values.js';
import type { BondMode, BondPort, LacpRate, NicPort, PortDevice, TransmitHashPolicy, VxlanPort } from '../document.js';

/** A VXLAN without its name and its MTU. */
export type VxlanDefinition = Omit<VxlanPort, 'type' | 'name' | 'mtu'>;

/** Definitions of the devices below a bridge. */
export interface Definitions {
  readonly bonds: ReadonlyMap<string, Omit<BondPort, 'type' | 'name' | 'mtu'>>;
  readonly vlans: ReadonlyMap<string, { readonly id: number; readonly parent: string }>;
  /** Absent where a system has none, or where they are not read. */
  readonly vxlans?: ReadonlyMap<string, VxlanDefinition>;
  readonly mtuOf: (name: string) => number | undefined;
}

/** The device of a name: a bond, a VLAN or a VXLAN where files define one, else a card. */
export function deviceNamed(name: string, definitions: Definitions): PortDevice {
  const { vlans, vxlans, mtuOf } = definitions;
  const vxlan = vxlans?.get(name);
  if (vxlan !== undefined) return compact({ type: 'vxlan' as const, name, ...vxlan, mtu: mtuOf(name) });
  const vlan = vlans.get(name);
  if (vlan === undefined) return nicOrBond(name, definitions);
  return compact({
    type: 'vlan' as const,
    name,
    id: vlan.id,
    parent: nicOrBond(vlan.parent, definitions),
    mtu: mtuOf(name),
  });
}

function nicOrBond(name: string, { bonds, mtuOf }: Definitions): NicPort | BondPort {
  const bond = bonds.get(name);
  if (bond === undefined) return compact({ type: 'nic' as const, name, mtu: mtuOf(name) });
  return compact({ type: 'bond' as const, name, ...bond, mtu: mtuOf(name) });
}

const RATES: readonly LacpRate[] = ['slow', 'fast'];
const POLICIES: readonly TransmitHashPolicy[] = [
  'layer2',
  'layer3+4',
  'layer2+3',
  'encap2+3',
  'encap3+4',
  'vlan+srcmac',
];

/** A word by its name or by the kernel's number for it. */
const namedOrNumbered = <T extends string>(words: readonly T[], text: string): T | undefined =>
  words.find((word) => word === text) ?? (/^\d$/.test(text) ? words[Number(text)] : undefined);

/** A LACP rate by name or by the kernel's number. */
export const lacpRate = (text: string): LacpRate | undefined => namedOrNumbered(RATES, text);

/** A hash policy by name or by the kernel's number. */
export const hashPolicy = (text: string): TransmitHashPolicy | undefined => namedOrNumbered(POLICIES, text);

/** A bond's mode by name or by the kernel's number; without one the kernel takes the first. */
export function bondMode(text: string | undefined): BondMode | undefined {
  if (text === undefined) return 'balance-rr';
  return namedOrNumbered(BOND_MODES, text);
}

/** The parent and the id in the usual name of a VLAN, `eno1.20`. */
export function vlanInName(name: string): { readonly id: number; readonly parent: string } | undefined {
  const [, parent, id] = /^(.+)\.(\d{1,4})$/.exec(name) ?? [];
  return parent === undefined ? undefined : { parent, id: Number(id) };
}
