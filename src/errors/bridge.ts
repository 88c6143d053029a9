import { LibvirtError } from './base.js';

/** A property of a host bridge that a system does not support. */
export interface UnsupportedField {
  /** Property path, such as `ports[0].pathCost`. */
  readonly path: string;
  /** The value there. */
  readonly value: unknown;
  /** Why this system cannot. */
  readonly reason: string;
  /** The systems that can, by the names that rendering takes. */
  readonly alternatives: readonly string[];
}

/**
 * A host bridge has properties that a host network system has no words for. Code `BRIDGE_FIELD_UNSUPPORTED`. Nothing
 * is left out in silence: {@link BridgeUnsupportedError.fields} lists every such property.
 */
export class BridgeUnsupportedError extends LibvirtError {
  /** The name of the system that was asked for. */
  readonly backend: string;
  /** Every property that it cannot express, in the order of the document. */
  readonly fields: readonly UnsupportedField[];

  /**
   * @param bridge - name of the bridge
   * @param backend - the system that was asked for
   * @param fields - at least one property
   */
  constructor(bridge: string, backend: string, fields: readonly UnsupportedField[]) {
    super('BRIDGE_FIELD_UNSUPPORTED', summarize(bridge, backend, fields), { hint: remedy(fields) });
    this.backend = backend;
    this.fields = fields;
  }

  protected override get className(): string {
    return 'BridgeUnsupportedError';
  }
}

const summarize = (bridge: string, backend: string, fields: readonly UnsupportedField[]): string =>
  `${backend} cannot express the host bridge "${bridge}":${fields.map(line).join('')}`;

const line = ({ path, reason, alternatives }: UnsupportedField): string =>
  `\n  - ${path}: ${reason}${alternatives.length === 0 ? '' : ` (possible with ${alternatives.join(', ')})`}`;

/** The systems that can do all of it. */
function remedy(fields: readonly UnsupportedField[]): string {
  const [first] = fields;
  const all = first?.alternatives.filter((name) => fields.every(({ alternatives }) => alternatives.includes(name)));
  return all === undefined || all.length === 0
    ? 'leave these properties out; no one system can express all of them'
    : `leave these properties out, or write for ${all.join(', ')}`;
}
