import { attributeOf, childOf } from '../client/guests/nic-element.js';
import { isVirtio } from '../schema/guests/canonical.js';
import { RELEASE_10 } from '../schema/release.js';
import type { XmlElement } from '../xml/node.js';
import { printXml } from '../xml/write.js';
import { Refusal } from './refusal.js';

/** The place of a NIC on the guest's PCI bus as libvirt names it; an address of zeros asks for any place. */
export function pciOf(nic: XmlElement): string | undefined {
  const { type, domain = '0', bus = '0', slot = '0', function: fn = '0' } = childOf(nic, 'address')?.attributes ?? {};
  const parts = [domain, bus, slot, fn].map(Number);
  if (type !== 'pci' || parts.every((part) => part === 0)) return undefined;
  const [a = '', b = '', c = '', d = ''] = parts.map((part) => part.toString(16));
  return `${a.padStart(4, '0')}:${b.padStart(2, '0')}:${c.padStart(2, '0')}.${d}`;
}

/** An alias that somebody chose. */
const chosenAlias = (nic: XmlElement): string | undefined => {
  const alias = attributeOf(nic, 'alias', 'name');
  return alias?.startsWith('ua-') === true ? alias : undefined;
};

/** Refuses an alias that another NIC of a copy has. */
export function refuseAlias(nic: XmlElement, others: readonly XmlElement[]): void {
  const alias = chosenAlias(nic);
  if (alias !== undefined && others.some((one) => chosenAlias(one) === alias))
    throw new Refusal(`unsupported configuration: non unique alias detected: ${alias}`);
}

/** Refuses a place on the bus that another NIC of a copy has. */
export function refusePlace(nic: XmlElement, others: readonly XmlElement[]): void {
  const pci = pciOf(nic);
  if (pci !== undefined && others.some((one) => pciOf(one) === pci))
    throw new Refusal(`XML error: Attempted double use of PCI Address ${pci}`);
}

/** Refuses a NIC that libvirt would not take beside the others of a stored copy. */
export function refuseBeside(nic: XmlElement, others: readonly XmlElement[]): void {
  refuseAlias(nic, others);
  refusePlace(nic, others);
}

/** Without a NIC that has one, libvirt gives the domain a boot order of its own, beside which no NIC can have one. */
export function refuseBoot(nic: XmlElement, all: readonly XmlElement[]): void {
  if (childOf(nic, 'boot') === undefined || all.some((one) => childOf(one, 'boot') !== undefined)) return;
  throw new Refusal(
    'unsupported configuration: per-device boot elements cannot be used together with os/boot elements',
  );
}

/** Refuses a type that no running guest gets. */
export function refuseHotPlug({ attributes: { type = 'user' } }: XmlElement): void {
  if (NOT_HOT.has(type))
    throw new Refusal(`Operation not supported: hotplug of interface type of ${type} is not implemented yet`);
}

/** Refuses what libvirt runs for one type alone. */
export function refuseScript(nic: XmlElement): void {
  const { type = 'user' } = nic.attributes;
  if (childOf(nic, 'script') !== undefined && type !== 'ethernet')
    throw new Refusal(`unsupported configuration: scripts are not supported on interfaces of type ${type}`);
}

/** Refuses what QEMU does not plug into a running guest. */
export function refuseRom(nic: XmlElement): void {
  if (attributeOf(nic, 'rom', 'bar') === 'off' && attributeOf(nic, 'rom', 'file') === undefined)
    throw new Refusal(
      "internal error: unable to execute QEMU command 'device_add': Hot-plugged device without ROM bar can't have an option ROM",
    );
}

/** Types that libvirt cannot plug into a running guest. */
const NOT_HOT: ReadonlySet<string> = new Set(['server', 'client', 'mcast', 'udp', 'internal', 'null', 'vds']);

/** The part of a NIC that counts for a refusal, as text. */
type Part = (nic: XmlElement) => string | undefined;

const attribute =
  (child: string, name: string): Part =>
  (nic) =>
    attributeOf(nic, child, name);

const whole =
  (child: string): Part =>
  (nic) => {
    const found = childOf(nic, child);
    return found && printXml(found);
  };

/** libvirt keeps `<driver>` of virtio cards alone. */
const driver: Part = (nic) =>
  isVirtio({ type: attributeOf(nic, 'model', 'type') ?? '' }) ? whole('driver')(nic) : undefined;

const UNSUPPORTED = 'Operation not supported: ';

/** What libvirt cannot change of a live NIC, with its words. Source: qemuDomainChangeNet in libvirt's qemu_hotplug.c. */
const FIXED: readonly (readonly [part: Part, words: string, since?: number])[] = [
  [driver, `${UNSUPPORTED}cannot modify virtio network device driver attributes`],
  [attribute('script', 'path'), `${UNSUPPORTED}cannot modify network device script attribute`],
  [attribute('rom', 'bar'), `${UNSUPPORTED}cannot modify network device rom bar setting`],
  [attribute('rom', 'file'), `${UNSUPPORTED}cannot modify network rom file`],
  [attribute('rom', 'enabled'), `${UNSUPPORTED}cannot modify network device rom enabled setting`],
  [attribute('acpi', 'index'), "operation forbidden: changing device 'acpi index' is not allowed"],
  [attribute('mtu', 'size'), `${UNSUPPORTED}cannot modify MTU`],
  [whole('tune'), `${UNSUPPORTED}unable to change config on 'network' network type`],
  // Assumed: 9.0 takes it without effect, 11.3 refuses it.
  [attribute('source', 'portgroup'), `${UNSUPPORTED}cannot modify network device portgroup attribute`, RELEASE_10],
];

/** Refuses a changed NIC of a running guest with a change that needs another card. */
export function refuseOtherCard(old: XmlElement, wanted: XmlElement, release: number): void {
  const changed = FIXED.find(([part, , since = 0]) => release >= since && part(old) !== part(wanted));
  if (changed !== undefined) throw new Refusal(changed[1]);
  const device = attributeOf(wanted, 'target', 'dev');
  if (device !== undefined && !device.startsWith('vnet') && device !== attributeOf(old, 'target', 'dev'))
    throw new Refusal(`${UNSUPPORTED}cannot modify network device tap name`);
}
