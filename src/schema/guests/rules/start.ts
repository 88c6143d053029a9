import type { ForeignReporter } from '../../rules/context.js';
import { utf8Length } from '../../rules/ports.js';
import { isVirtio } from '../canonical.js';
import type { NicDocument } from '../nic.js';
import { NIC_RULES } from './nic-rules.js';

/** What a definition takes, and no guest starts or is hot-plugged with. */
export function checkStart(nic: NicDocument, context: ForeignReporter): void {
  const { type = 'user' } = nic;
  const { reportFrom } = context;
  if (nic.type === 'network' && nic.source?.network === '') reportFrom(NIC_RULES, 'GUEST_NO_NETWORK', 'source.network');
  checkTarget(nic, context);
  for (const part of ['script', 'downscript'] as const) {
    if (nic[part]?.path && type !== 'ethernet') reportFrom(NIC_RULES, 'GUEST_SCRIPT', part, { type });
  }
  if ((nic.mtu?.size ?? 0) > 65_535) reportFrom(NIC_RULES, 'GUEST_MTU_BIG', 'mtu.size', { value: nic.mtu?.size ?? 0 });
  checkTap(nic, context);
  checkQueues(nic, context);
}

function checkTarget({ target }: NicDocument, { reportFrom }: ForeignReporter): void {
  const value = target?.dev;
  if (value === undefined) return;
  if (utf8Length(value) > 15 || /[/\s]/.test(value))
    reportFrom(NIC_RULES, 'GUEST_TARGET_NAME', 'target.dev', { value });
}

/** Types whose host's end is a tap that QEMU opens. */
export const TAPS: ReadonlySet<string> = new Set(['network', 'bridge', 'ethernet']);

function checkTap(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  const port = nic.virtualport?.type;
  if ('filterref' in nic && nic.filterref !== undefined && port !== undefined)
    reportFrom(NIC_RULES, 'GUEST_FILTER_VPORT', 'filterref', { port });
}

function checkQueues(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  if (nic.type === 'hostdev' || !('driver' in nic) || !isVirtio(nic.model)) return;
  const { type = 'user', driver } = nic;
  const { queues = 0 } = driver ?? {};
  if (queues > 256 && TAPS.has(type)) reportFrom(NIC_RULES, 'GUEST_QUEUES_MANY', 'driver.queues', { value: queues });
  for (const option of ['rx_queue_size', 'tx_queue_size'] as const) {
    const value = driver?.[option] ?? 0;
    const isPower = (value & (value - 1)) === 0;
    if (value !== 0 && isPower && (value < 256 || value > 1024))
      reportFrom(NIC_RULES, 'GUEST_QUEUE_RANGE', `driver.${option}`, { option, value });
  }
}
