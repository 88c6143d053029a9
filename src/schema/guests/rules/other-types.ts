import type { ForeignReporter } from '../../rules/context.js';
import { hasFloor } from '../../rules/ports.js';
import { isVirtio } from '../canonical.js';
import type { NicDocument } from '../nic.js';
import { checkPlug } from './own-plug.js';
import { checkOwnPort } from './own-port.js';
import { checkSource } from './source.js';
import { TAPS } from './start.js';
import { TYPE_RULES } from './type-rules.js';
import { checkOwnAddresses } from './user-addresses.js';

/** Rules that no NIC on a network can break. */
export function checkOtherType(nic: NicDocument, context: ForeignReporter): void {
  checkSource(nic, context);
  checkPlug(nic, context);
  checkOwnPort(nic, context);
  checkOwnAddresses(nic, context);
  checkParts(nic, context);
  checkModelOfType(nic, context);
  checkDroppedSource(nic, context);
  checkHostEnd(nic, context);
}

/** Types whose host's end is a tap, or that QEMU tells an MTU. */
const WITH_MTU: ReadonlySet<string> = new Set([...TAPS, 'vhostuser']);

/** Parts that not every type has. */
function checkParts(nic: NicDocument, context: ForeignReporter): void {
  const { type = 'user', mtu, coalesce, backend, bandwidth, teaming } = nic;
  const { reportFrom } = context;
  const hasMtu = WITH_MTU.has(type) || (type === 'user' && backend?.type === 'passt');
  if ((mtu?.size ?? 0) > 0 && !hasMtu) reportFrom(TYPE_RULES, 'GUEST_MTU', 'mtu.size', { type });
  if ((coalesce?.rx?.frames?.max ?? 0) > 0 && type !== 'bridge')
    reportFrom(TYPE_RULES, 'GUEST_COALESCE', 'coalesce.rx.frames.max', { type });
  if (hasFloor(context, bandwidth?.inbound)) reportFrom(TYPE_RULES, 'GUEST_FLOOR', 'bandwidth.inbound.floor', { type });
  if (teaming?.type === 'transient' && type !== 'hostdev')
    reportFrom(TYPE_RULES, 'GUEST_TEAMING_TYPE', 'teaming.type', { type });
}

/** What only these types have and libvirt drops without a word. */
function checkDroppedSource(nic: NicDocument, { report }: ForeignReporter): void {
  const isUser = nic.type === undefined || nic.type === 'user';
  if (isUser && 'source' in nic && nic.source?.dev !== undefined && nic.backend?.type !== 'passt')
    report('DROPPED', 'source.dev', { property: 'source.dev', reason: 'it needs passt' });
  if (nic.type !== 'bridge' && nic.type !== 'direct') return;
  for (const part of ['network', 'portgroup'] as const) {
    if (nic.source?.[part] !== undefined && nic.source.portid === undefined)
      report('DROPPED', `source.${part}`, { property: `source.${part}`, reason: `type ${nic.type} has none` });
  }
}

/** Types that only a virtio card can be of. */
function checkModelOfType({ type, model }: NicDocument, { release, reportFrom }: ForeignReporter): void {
  if (type !== 'vdpa' && type !== 'vhostuser') return;
  const isMissing = model?.type === undefined && type === 'vhostuser' && release < 11_001_000;
  if (isMissing || (model?.type !== undefined && !isVirtio(model)))
    reportFrom(TYPE_RULES, 'GUEST_MODEL_VIRTIO', 'model.type', { type, value: model?.type ?? '' });
}

/** Types that can have several queues. */
const QUEUED: ReadonlySet<string> = new Set([...WITH_MTU, 'direct', 'vdpa']);

/** What a start refuses. */
function checkHostEnd(nic: NicDocument, { reportFrom }: ForeignReporter): void {
  const { type = 'user', backend, target } = nic;
  if (type === 'null' || type === 'vds') reportFrom(TYPE_RULES, 'GUEST_UNSUPPORTED', 'type', { type });
  if (backend?.tap && !TAPS.has(type)) reportFrom(TYPE_RULES, 'GUEST_TAP', 'backend.tap', { type });
  if (target?.managed === false && !target.dev) reportFrom(TYPE_RULES, 'GUEST_TARGET_NEEDED', 'target');
  if (nic.type === 'hostdev' || !('driver' in nic) || !isVirtio(nic.model)) return;
  if ((nic.driver?.queues ?? 0) > 1 && !QUEUED.has(type))
    reportFrom(TYPE_RULES, 'GUEST_QUEUES', 'driver.queues', { type });
}
