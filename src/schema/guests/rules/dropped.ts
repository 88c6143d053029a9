import { eachOf, type ForeignReporter } from '../../rules/context.js';
import { isKeptParameter, isVirtio } from '../canonical.js';
import type { NicDocument } from '../nic.js';
import { isKeptAlias, isOwnTarget, isReplacedMac } from '../stored.js';
import { NIC_RULES } from './nic-rules.js';

/** What libvirt drops without a word. Of a filter that is dangerous, so it is an error. */
export function checkDropped(nic: NicDocument, context: ForeignReporter): void {
  const filter = 'filterref' in nic ? nic.filterref : undefined;
  eachOf(filter?.parameters, 'filterref.parameters', (one, path) => {
    const { name, value } = one;
    if (!isKeptParameter(one)) context.reportFrom(NIC_RULES, 'GUEST_FILTER_PARAMETER', path, { name, value });
  });
  for (const [path, isDropped, reason] of drops(nic, context.release)) {
    if (isDropped) context.report('DROPPED', path, { property: path, reason });
  }
}

type Drop = readonly [path: string, isDropped: boolean, reason: string];

/** A running guest's NIC has names that libvirt gave it. */
const isRunning = ({ alias }: NicDocument): boolean => /^(?:net|hostdev)\d+$/.test(alias?.name ?? '');

function drops(nic: NicDocument, release: number): readonly Drop[] {
  const { mac, mtu, target, alias } = nic;
  const driver = nic.type !== 'hostdev' && 'driver' in nic ? nic.driver : undefined;
  const isStored = !isRunning(nic);
  return [
    ['mac.address', isReplacedMac(mac, release), 'it makes another one'],
    ['mtu.size', mtu?.size === 0, '0 is none'],
    ['driver', driver !== undefined && !isVirtio(nic.model), 'it needs a virtio model'],
    ['driver.queues', driver?.queues === 1 && isVirtio(nic.model), '1 is none'],
    ['target.dev', isStored && isOwnTarget(target), 'it is a name of libvirt'],
    ['alias.name', isStored && alias?.name !== undefined && !isKeptAlias(alias), 'it lacks ua-'],
  ];
}
