import type { ForeignReporter } from '../../rules/context.js';
import { checkPciLimits } from '../../rules/forward.js';
import type { NicDocument } from '../nic.js';
import type { HostdevNicSource, VdsNicSource, VhostUserNicSource } from '../sources.js';
import { pciOf } from './pci.js';
import { TYPE_RULES } from './type-rules.js';

/** What a NIC of a type other than network is plugged into. */
export function checkSource(nic: NicDocument, context: ForeignReporter): void {
  if (nic.type === 'vhostuser') checkVhostUser(nic.source, nic.backend?.type === 'passt', context);
  else if (nic.type === 'hostdev') checkHostdev(nic.source, context);
  else if (nic.type === 'vds') checkVds(nic.source, context);
}

function checkVhostUser(source: VhostUserNicSource | undefined, passt: boolean, context: ForeignReporter): void {
  const { release, reportFrom } = context;
  const needed = release < 11_001_000 ? (['type', 'path', 'mode'] as const) : (['path'] as const);
  for (const one of passt ? [] : needed) {
    if (source?.[one] === undefined)
      reportFrom(TYPE_RULES, 'GUEST_NEEDED', `source.${one}`, { type: 'vhostuser', needed: one });
  }
  if (source?.mode === 'server' && source.reconnect?.enabled)
    reportFrom(TYPE_RULES, 'GUEST_RECONNECT', 'source.reconnect');
  if (source?.reconnect?.enabled && source.reconnect.timeout === undefined)
    reportFrom(TYPE_RULES, 'GUEST_NEEDED', 'source.reconnect.timeout', { type: 'vhostuser', needed: 'timeout' });
}

function checkHostdev(source: HostdevNicSource | undefined, context: ForeignReporter): void {
  const address = source?.address;
  if (source !== undefined && address === undefined && source.vendor === undefined)
    context.reportFrom(TYPE_RULES, 'GUEST_HOSTDEV_ADDRESS', 'source');
  if (address?.type === 'pci') checkPciLimits(context, pciOf(address), 'source.address');
}

/** 11.0 is assumed: 9.0 needs them, 11.3 does not. */
const VDS_DEFAULTS = 11_000_000;

function checkVds(source: VdsNicSource | undefined, { release, reportFrom }: ForeignReporter): void {
  if (release >= VDS_DEFAULTS) return;
  for (const needed of ['portid', 'portgroupid', 'connectionid'] as const) {
    if (source?.[needed] === undefined)
      reportFrom(TYPE_RULES, 'GUEST_NEEDED', `source.${needed}`, { type: 'vds', needed });
  }
}
