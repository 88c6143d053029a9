import type { ForeignReporter } from '../../rules/context.js';
import { utf8Length } from '../../rules/ports.js';
import { isVirtio } from '../canonical.js';
import type { NicDocument } from '../nic.js';
import { GUEST_RULES } from './table.js';

/** What a definition takes, and no guest starts or is hot-plugged with. */
export function checkStart(nic: NicDocument, context: ForeignReporter): void {
  const { type = 'user' } = nic;
  const { reportFrom } = context;
  if (type === 'null' || type === 'vds') reportFrom(GUEST_RULES, 'GUEST_UNSUPPORTED', 'type', { type });
  if (nic.type === 'network' && nic.source?.network === '')
    reportFrom(GUEST_RULES, 'GUEST_NO_NETWORK', 'source.network');
  checkTarget(nic, context);
  for (const part of ['script', 'downscript'] as const) {
    if (nic[part]?.path && type !== 'ethernet') reportFrom(GUEST_RULES, 'GUEST_SCRIPT', part, { type });
  }
  if ((nic.mtu?.size ?? 0) > 65_535)
    reportFrom(GUEST_RULES, 'GUEST_MTU_BIG', 'mtu.size', { value: nic.mtu?.size ?? 0 });
  checkTap(nic, context);
  checkQueues(nic, context);
}

function checkTarget({ target }: NicDocument, { reportFrom }: ForeignReporter): void {
  const value = target?.dev;
  if (target?.managed === false && !value) reportFrom(GUEST_RULES, 'GUEST_TARGET_NEEDED', 'target');
  if (value === undefined) return;
  if (utf8Length(value) > 15) reportFrom(GUEST_RULES, 'GUEST_TARGET_LONG', 'target.dev', { value });
  else if (/[/\s]/.test(value)) reportFrom(GUEST_RULES, 'GUEST_TARGET_NAME', 'target.dev', { value });
}

/** Types whose host's end is a tap that QEMU opens. */
const TAPS: ReadonlySet<string> = new Set(['network', 'bridge', 'ethernet']);
/** Types that can have several queues. */
const QUEUED: ReadonlySet<string> = new Set([...TAPS, 'direct', 'vhostuser', 'vdpa']);

function checkTap(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  const { type = 'user', backend, virtualport } = nic;
  if (backend?.tap && !TAPS.has(type)) reportFrom(GUEST_RULES, 'GUEST_TAP', 'backend.tap', { type });
  const port = virtualport?.type;
  if ('filterref' in nic && nic.filterref !== undefined && port !== undefined)
    reportFrom(GUEST_RULES, 'GUEST_FILTER_VPORT', 'filterref', { port });
}

function checkQueues(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  if (nic.type === 'hostdev' || !('driver' in nic) || !isVirtio(nic.model)) return;
  const { type = 'user', driver } = nic;
  const { queues = 0 } = driver ?? {};
  if (queues > 1 && !QUEUED.has(type)) reportFrom(GUEST_RULES, 'GUEST_QUEUES', 'driver.queues', { type });
  else if (queues > 256 && TAPS.has(type))
    reportFrom(GUEST_RULES, 'GUEST_QUEUES_MANY', 'driver.queues', { value: queues });
  for (const option of ['rx_queue_size', 'tx_queue_size'] as const) {
    const value = driver?.[option] ?? 0;
    const isPower = (value & (value - 1)) === 0;
    if (value !== 0 && isPower && (value < 256 || value > 1024))
      reportFrom(GUEST_RULES, 'GUEST_QUEUE_RANGE', `driver.${option}`, { option, value });
  }
}
