import { LibvirtError } from '../errors/index.js';

/** A property of a network that OVN cannot express. */
export interface OvnUnsupportedField {
  /** Property path, such as `dns.txts[0].name`. */
  readonly path: string;
  /** The value there. */
  readonly value: unknown;
  /** Why OVN cannot, and what to do instead where there is something. */
  readonly reason: string;
}

/**
 * A network has properties that OVN cannot express. Code `OVN_FIELD_UNSUPPORTED`. Nothing is left out in silence:
 * {@link OvnUnsupportedError.fields} lists every such property, and nothing is written.
 */
export class OvnUnsupportedError extends LibvirtError {
  /** Every property that OVN cannot express, in the order of the document. */
  readonly fields: readonly OvnUnsupportedField[];

  /**
   * @param network - name of the network
   * @param fields - at least one property
   */
  constructor(network: string, fields: readonly OvnUnsupportedField[]) {
    const lines = fields.map(({ path, reason }) => `\n  - ${path}: ${reason}`);
    super('OVN_FIELD_UNSUPPORTED', `OVN cannot express the network "${network}":${lines.join('')}`, {
      network,
      hint: 'leave these properties out, or keep the network on one host with libvirt',
    });
    this.fields = fields;
  }

  protected override get className(): string {
    return 'OvnUnsupportedError';
  }
}
