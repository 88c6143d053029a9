import { attribute, type ElementTable, type Extra, element, many, one, optional } from '../element.js';
import { oneOf, text, yesNo } from '../scalar.js';
import { WORD } from './card.js';
import { uint32 } from './scalars.js';

/** The host's end of a guest's NIC. */
export interface NicTarget {
  /** Name of the tap or macvtap device, at most 15 bytes. Names that begin with `vnet`, `macvtap` or `macvlan` are libvirt's own and dropped. */
  readonly dev?: string;
  /** Type `ethernet`: `false` uses a tap that is there already; since libvirt 5.7.0. */
  readonly managed?: boolean;
  readonly extra?: Extra;
}
export const nicTargetTable: ElementTable<NicTarget> = element('target', {
  dev: optional(attribute('dev', text, { empty: 'value' })),
  managed: optional(attribute('managed', yesNo, { ...WORD, since: '5.7.0' })),
});

/** A program that runs for the host's end; only type `ethernet` starts with one. */
export interface NicScript {
  /** Path; it runs with the name of the tap. */
  readonly path?: string;
  readonly extra?: Extra;
}
export const nicScriptTable: ElementTable<NicScript> = element('script', { path: optional(attribute('path', text)) });
export const nicDownscriptTable: ElementTable<NicScript> = element('downscript', {
  path: optional(attribute('path', text)),
});

/** Domain that serves the NIC; Xen only, kept by QEMU; since libvirt 1.2.13. */
export interface NicBackendDomain {
  /** Name of the domain. */
  readonly name?: string;
  readonly extra?: Extra;
}
export const nicBackendDomainTable: ElementTable<NicBackendDomain> = element('backenddomain', {
  name: optional(attribute('name', text)),
});

/** A value for a variable of a filter. */
export interface NicFilterParameter {
  /** Letters, digits and `_`; the same name more than once makes a list. */
  readonly name: string;
  /** Letters, digits, `_`, `.` and `:`. */
  readonly value: string;
  readonly extra?: Extra;
}
export const nicFilterParameterTable: ElementTable<NicFilterParameter> = element('parameter', {
  name: attribute('name', text, { empty: 'value' }),
  value: attribute('value', text, { empty: 'value' }),
});

/** The filter that the guest's packets pass; types `network`, `bridge` and `ethernet` only; since libvirt 0.8.0. */
export interface NicFilter {
  /** Name of the filter, such as `clean-traffic`. */
  readonly filter?: string;
  /** Values for its variables; libvirt sorts them by name. */
  readonly parameters?: readonly NicFilterParameter[];
  readonly extra?: Extra;
}
export const nicFilterTable: ElementTable<NicFilter> = element('filterref', {
  filter: optional(attribute('filter', text, { empty: 'value' })),
  parameters: optional(many(nicFilterParameterTable)),
});

/** Tells whether the guest's cable is plugged in; since libvirt 0.9.5. */
export interface NicLink {
  /** Default: up. */
  readonly state?: 'up' | 'down';
  readonly extra?: Extra;
}
export const nicLinkTable: ElementTable<NicLink> = element('link', {
  state: optional(attribute('state', oneOf('up', 'down'), { invalid: 'ATTR_ENUM' })),
});

/** Largest packet; since libvirt 3.1.0. */
export interface NicMtu {
  /** In bytes. */
  readonly size?: number;
  readonly extra?: Extra;
}
export const nicMtuTable: ElementTable<NicMtu> = element('mtu', {
  size: optional(attribute('size', uint32, { invalid: 'ATTR_INVALID' })),
});

/** How many received packets wait before the guest is interrupted. */
export interface NicCoalesceFrames {
  /** Number of packets. */
  readonly max?: number;
  readonly extra?: Extra;
}
/** Received packets that are collected. */
export interface NicCoalesceRx {
  readonly frames?: NicCoalesceFrames;
  readonly extra?: Extra;
}
/** Collects packets before the guest is interrupted; types `network` and `bridge` only; since libvirt 3.3.0. */
export interface NicCoalesce {
  readonly rx?: NicCoalesceRx;
  readonly extra?: Extra;
}
export const nicCoalesceFramesTable: ElementTable<NicCoalesceFrames> = element('frames', {
  max: optional(attribute('max', uint32, { invalid: 'ATTR_INVALID' })),
});
export const nicCoalesceRxTable: ElementTable<NicCoalesceRx> = element('rx', {
  frames: optional(one(nicCoalesceFramesTable)),
});
export const nicCoalesceTable: ElementTable<NicCoalesce> = element('coalesce', {
  rx: optional(one(nicCoalesceRxTable)),
});
