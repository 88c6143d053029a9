import type { OtherHostDevice } from '../network/host-device.js';
import type { ReadContext } from './context.js';
import type { Stanza } from './ifupdown-files.js';

/** Methods that make a device themselves. */
const METHODS = ['ppp', 'wvdial', 'tunnel', 'v4tunnel', '6to4'];

/** Options of packages that make devices of other kinds, or that a wireless card alone has. */
const OPTIONS = /^(?:(?:wpa|wireless|ovs|wireguard|tunnel|vxlan|batman|ppp)-.*|vrf-table|provider|link-type)$/;

/** A command that makes the device of its own stanza. */
const MAKES = /^(?:\/\S*\/)?ip link add (?:dev |name |link \S+ (?:name |dev )?)?(\S+) (?:.* )?type (\S+)/;

const isKnown = ({ settings }: Stanza): boolean => settings.has('bridge-ports') || settings.has('bond-slaves');

/** What the device of a stanza is, when it is not a card, a bond, a VLAN or a bridge. */
function kindOf(stanza: Stanza): string | undefined {
  const { device, family, method, settings } = stanza;
  if (METHODS.includes(method)) return `a stanza '${family} ${method}'`;
  if (isKnown(stanza)) return undefined;
  const [option] = settings.keys(OPTIONS);
  if (option !== undefined) return `a stanza with ${option}`;
  const [, made, type] = MAKES.exec(settings.peek('pre-up') ?? '') ?? [];
  return made === '$IFACE' || made === device ? `a device that a command makes, of the type ${type}` : undefined;
}

/** The devices that the model has no place for; each is listed with the line of its stanza. */
export function otherDevices(stanzas: readonly Stanza[], { leaveOut }: ReadContext): readonly OtherHostDevice[] {
  const others = new Map<string, OtherHostDevice>();
  for (const stanza of stanzas) {
    const what = kindOf(stanza);
    if (what === undefined || others.has(stanza.device)) continue;
    leaveOut(stanza.file, stanza.line, `${stanza.device} (${what})`);
    others.set(stanza.device, { name: stanza.device, what });
  }
  return [...others.values()];
}
