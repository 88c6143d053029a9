import type { ElementTable } from '../element.js';
import type { ForeignReporter } from '../rules/context.js';
import type { SmallFormat } from '../small-formats/format.js';
import { canonicalNic, isVirtio } from './canonical.js';
import { type NicDocument, networkNicTable } from './nic.js';
import { VIRTIO_OPTIONS } from './rules/card.js';
import { checkNic } from './rules/check.js';

/** What reading, checking and writing one type of `<interface>` takes. */
export type NicFormat<D extends NicDocument> = SmallFormat<D>;

const isVirtioOption = (key: string | number): boolean => VIRTIO_OPTIONS.some((option) => option === key);

/** What some types of `<interface>` have beyond what all have. */
export interface NicTraits {
  /** Gives the source as libvirt holds it. */
  readonly sourceOf?: (nic: NicDocument) => unknown;
  /** Reports rules that only these types can break. */
  readonly check?: (nic: NicDocument, context: ForeignReporter) => void;
}

/** The format of a type of `<interface>`. libvirt looks at `<driver>` of virtio cards alone, and of devices of the host. */
export const nicFormat = /* @__NO_SIDE_EFFECTS__ */ <D extends NicDocument>(
  table: ElementTable<D>,
  { sourceOf, check }: NicTraits = {},
): NicFormat<D> => ({
  table,
  check: (nic, context) => {
    checkNic(nic, context);
    check?.(nic, context);
  },
  canonical: (nic) => canonicalNic(nic, sourceOf),
  looksAt: ([part, key], nic) =>
    part !== 'driver' || key === undefined || isVirtioOption(key) || nic.type === 'hostdev' || isVirtio(nic.model),
});

export const networkNicFormat = /* @__PURE__ */ nicFormat(networkNicTable);
