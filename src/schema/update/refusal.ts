/** Why libvirt refuses an update: its own error number by name, and its own words without the number's prefix. */
export interface Refusal {
  /** Stable id of the reason, such as `UPD_HOST_EXISTS`, or of the rule that the result would break. */
  readonly id: string;
  /** The broken rule's parameters, where the id is that of a rule. */
  readonly params?: Readonly<Record<string, string>>;
  /** libvirt's error code. */
  readonly code: 'OPERATION_INVALID' | 'OPERATION_UNSUPPORTED' | 'XML_ERROR' | 'XML_DETAIL' | 'RULE';
  readonly message: string;
}

/** Carries a refusal through the steps of an update. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Ends an update for a reason that lies in the state of the network. */
export function refuse(id: string, message: string, code: Refusal['code'] = 'OPERATION_INVALID'): never {
  throw new Refused({ id, code, message });
}
