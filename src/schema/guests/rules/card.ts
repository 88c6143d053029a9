import type { ForeignReporter } from '../../rules/context.js';
import { isVirtio } from '../canonical.js';
import type { NicDriver } from '../driver.js';
import type { NicDocument } from '../nic.js';
import { NIC_RULES } from './nic-rules.js';

const MODEL = /^[a-zA-Z0-9_-]+$/;

/** The card that the guest sees: its model, its driver, its ROM, and its part in a team. */
export function checkCard(nic: NicDocument, context: ForeignReporter): void {
  const { model, rom } = nic;
  const { reportFrom } = context;
  if (model?.type !== undefined && !MODEL.test(model.type))
    reportFrom(NIC_RULES, 'GUEST_MODEL', 'model.type', { value: model.type });
  if (rom?.enabled === false && (rom.bar !== undefined || rom.file !== undefined))
    reportFrom(NIC_RULES, 'GUEST_ROM', 'rom');
  if (nic.type !== 'hostdev' && 'driver' in nic && nic.driver !== undefined)
    checkDriver(nic.driver, isVirtio(model), context);
  checkTeaming(nic, context);
}

/** Settings of the virtio device, which libvirt refuses with other models rather than dropping them. */
export const VIRTIO_OPTIONS = ['iommu', 'ats', 'packed', 'page_per_vq'] as const;

function checkDriver(driver: NicDriver, virtio: boolean, { reportFrom }: ForeignReporter): void {
  for (const option of VIRTIO_OPTIONS) {
    if (!virtio && driver[option] !== undefined)
      reportFrom(NIC_RULES, 'GUEST_VIRTIO_OPTION', `driver.${option}`, { option });
  }
  for (const option of ['rx_queue_size', 'tx_queue_size'] as const) {
    const value = driver[option] ?? 0;
    if ((value & (value - 1)) !== 0) reportFrom(NIC_RULES, 'GUEST_QUEUE_SIZE', `driver.${option}`, { option, value });
  }
}

function checkTeaming(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  const { type = 'user', teaming, model } = nic;
  if (teaming?.type === 'persistent') {
    if (teaming.persistent !== undefined) reportFrom(NIC_RULES, 'GUEST_TEAMING_PERSISTENT', 'teaming.persistent');
    const isDefault = type === 'vdpa' && model?.type === undefined;
    if (!isVirtio(model) && !isDefault) reportFrom(NIC_RULES, 'GUEST_TEAMING_MODEL', 'teaming.type');
  } else if (teaming?.type === 'transient') {
    if (teaming.persistent === undefined) reportFrom(NIC_RULES, 'GUEST_TEAMING_NEEDS', 'teaming');
  }
}
